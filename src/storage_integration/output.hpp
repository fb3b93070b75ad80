#pragma once

#include <string>
#include <string_view>

namespace tti::storage_integration {

// Where an export goes: standard output, or a file that is overwritten. Each failure throws at once, so that
// a full disk or a closed pipe ends the reading too.
class Output {
  public:
    // Empty: standard output.
    explicit Output(const std::string& file);
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    ~Output();

    void write(std::string_view bytes);
    // To be called at the end.
    void flush();

  private:
    [[noreturn]] void fail() const;

    std::string name_;
    int descriptor_;
    std::string buffer_;
};

}  // namespace tti::storage_integration
