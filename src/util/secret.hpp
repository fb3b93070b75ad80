#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <fmt/core.h>

namespace tti {

// A text that must not be shown. It has no stream or fmt output (both fail to compile), and wipes its memory.
class Secret {
  public:
    Secret() = default;
    explicit Secret(std::string text) : text_(std::move(text)) {}
    Secret(const Secret&) = default;
    // Copied and wiped: a moved-from string may keep its characters.
    // NOLINTNEXTLINE(performance-move-constructor-init)
    Secret(Secret&& other) noexcept : text_(other.text_) { other.wipe(); }
    Secret& operator=(const Secret& other) = default;
    Secret& operator=(Secret&& other) noexcept;
    ~Secret() { wipe(); }

    // The only way to the text; a call of this is what a reviewer looks for.
    [[nodiscard]] const std::string& reveal() const { return text_; }
    [[nodiscard]] bool empty() const { return text_.empty(); }
    [[nodiscard]] std::size_t size() const { return text_.size(); }

    // What stands in for a secret wherever something has to be printed.
    static constexpr std::string_view mask = "********";

  private:
    void wipe() noexcept;
    std::string text_;
};

}  // namespace tti

template <>
struct fmt::formatter<tti::Secret> {
    formatter() = delete;
};
