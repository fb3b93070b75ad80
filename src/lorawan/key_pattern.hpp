#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace tti::lorawan {

// The pattern of a KeyRule, taken apart: literal text and placeholders in turn. A placeholder stands for one
// or more characters other than a colon, of the form that its name says; {rest} takes everything to the end.
// `text` must outlive it.
class Pattern {
  public:
    // Throws std::logic_error for what is no pattern, or one of more than three placeholders.
    explicit Pattern(std::string_view text);

    // The values of the placeholders, as views into `text`; empty beyond them. Undefined without a match.
    [[nodiscard]] bool matches(std::string_view text, std::array<std::string_view, 3>& parts) const;
    // Throws std::logic_error unless there are as many parts as placeholders.
    [[nodiscard]] std::string fill(std::initializer_list<std::string_view> parts) const;
    // A glob of Redis that takes everything the pattern takes.
    [[nodiscard]] std::string glob() const;
    // What stands before the first placeholder.
    [[nodiscard]] std::string_view literal_start() const { return pieces_[0].literal; }

  private:
    enum class Placeholder : std::uint8_t {
        none,
        device,
        application,
        owner,
        dev_addr,
        eui,
        id,
        port,
        base64,
        text,
        rest
    };
    struct Piece {
        std::string_view literal;
        Placeholder placeholder = Placeholder::none;
    };
    static Placeholder placeholder(std::string_view name);
    static bool fits(Placeholder placeholder, std::string_view value);

    std::array<Piece, 4> pieces_{};  // the last one that counts has no placeholder
};

}  // namespace tti::lorawan
