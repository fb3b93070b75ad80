#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "util/temporary_file.hpp"

namespace tti::key_space {

// Keys in the order in which they came, in bounded memory whatever their number: beyond two MiB they lie in
// a temporary file.
class KeyList {
  public:
    void add(std::string_view key);
    [[nodiscard]] std::int64_t size() const { return size_; }
    // Calls `each` with the next keys until all were given, at most as many at once as `most` says before
    // every call.
    void for_each(const std::function<std::size_t()>& most,
                  const std::function<void(std::span<const std::string>)>& each) const;

  private:
    void write_out();

    // A part of the file, which can be read by itself.
    struct Block {
        std::int64_t offset = 0;
        std::size_t size = 0;
    };
    util::TemporaryFile file_;
    std::vector<Block> blocks_;
    std::string latest_;  // not in the file
    std::string last_key_;
    std::int64_t size_ = 0;
};

}  // namespace tti::key_space
