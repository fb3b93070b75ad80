#pragma once

#include "operation/reporter.hpp"

namespace tti::operation {

// What a reporter can do besides where people look at its results. One that writes for programs, or keeps
// what it is told, has no use for it.
class Display {
  public:
    Display() = default;
    Display(const Display&) = delete;
    Display& operator=(const Display&) = delete;
    virtual ~Display() = default;

    // A result that takes the place of the one before it, where that can be: for what is looked at for a
    // while.
    virtual void refresh(std::string_view text, const nlohmann::json& data) = 0;
    // Whether the text of results may hold colours.
    [[nodiscard]] virtual bool colours_results() const = 0;
};

// The same on any reporter: one that is no display gets one result after the other, without colours.
void refresh(Reporter& reporter, std::string_view text, const nlohmann::json& data);
bool colours_results(const Reporter& reporter);

}  // namespace tti::operation
