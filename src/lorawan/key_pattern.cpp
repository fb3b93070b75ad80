#include "lorawan/key_pattern.hpp"

#include <algorithm>
#include <stdexcept>

#include "lorawan/identifiers.hpp"

namespace tti::lorawan {
namespace {

bool is_upper_hex(std::string_view text) {
    return std::ranges::all_of(text, [](char character) {
        return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'F');
    });
}

bool is_base64(std::string_view text) {
    return std::ranges::all_of(text, [](char character) {
        return (character >= '0' && character <= '9') || (character >= 'A' && character <= 'Z') ||
               (character >= 'a' && character <= 'z') || character == '+' || character == '/';
    });
}

// An FPort as the stack writes it: 1 to 255, no leading zero.
bool is_port(std::string_view text) {
    if (text.size() > 3 || text.front() == '0') return false;
    unsigned value = 0;
    for (const char character : text) {
        if (character < '0' || character > '9') return false;
        value = value * 10 + static_cast<unsigned>(character - '0');
    }
    return value <= 255;
}

}  // namespace

Pattern::Pattern(std::string_view text) {
    for (Piece& piece : pieces_) {
        piece.literal = text.substr(0, text.find('{'));
        text.remove_prefix(piece.literal.size());
        if (text.empty()) return;
        const auto end = text.find('}');
        if (end == std::string_view::npos) throw std::logic_error("a placeholder without end");
        piece.placeholder = placeholder(text.substr(1, end - 1));
        text.remove_prefix(end + 1);
    }
    throw std::logic_error("too many placeholders in the pattern of a key");
}

Pattern::Placeholder Pattern::placeholder(std::string_view name) {
    static constexpr std::array<std::string_view, 11> names{
        "", "device", "application", "owner", "dev_addr", "eui", "id", "port", "base64", "text", "rest"};
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) throw std::logic_error("no such placeholder: " + std::string(name));
    return static_cast<Placeholder>(found - names.begin());
}

// `value` is not empty, and without a colon but for `rest`.
bool Pattern::fits(Placeholder placeholder, std::string_view value) {
    switch (placeholder) {
        case Placeholder::device:
            return is_device_uid(value);
        case Placeholder::application:
        case Placeholder::id:
            return is_id(value);
        case Placeholder::owner:
            return is_id(value) || is_device_uid(value);
        case Placeholder::dev_addr:
            return value.size() == 8 && is_upper_hex(value);
        case Placeholder::eui:
            return value.size() == 16 && is_upper_hex(value);
        case Placeholder::port:
            return is_port(value);
        case Placeholder::base64:
            return is_base64(value);
        case Placeholder::none:
        case Placeholder::text:
        case Placeholder::rest:
            return true;
    }
    return false;
}

bool Pattern::matches(std::string_view text, std::array<std::string_view, 3>& parts) const {
    parts = {};
    for (std::size_t count = 0;; ++count) {
        const Piece& piece = pieces_[count];
        if (!text.starts_with(piece.literal)) return false;
        text.remove_prefix(piece.literal.size());
        if (piece.placeholder == Placeholder::none) return text.empty();
        const bool rest = piece.placeholder == Placeholder::rest;
        const std::string_view value = rest ? text : text.substr(0, text.find(':'));
        text.remove_prefix(value.size());
        // What follows is compared first, since it costs less.
        if (value.empty() || !text.starts_with(pieces_[count + 1].literal)) return false;
        if (!fits(piece.placeholder, value)) return false;
        parts[count] = value;
    }
}

std::string Pattern::fill(std::initializer_list<std::string_view> parts) const {
    std::string text;
    const auto* part = parts.begin();
    for (const Piece& piece : pieces_) {
        text += piece.literal;
        if (piece.placeholder == Placeholder::none) break;
        if (part == parts.end()) throw std::logic_error("too few parts for a key");
        text += *part++;
    }
    if (part != parts.end()) throw std::logic_error("too many parts for a key");
    return text;
}

std::string Pattern::glob() const {
    std::string text;
    for (const Piece& piece : pieces_) {
        text += piece.literal;
        if (piece.placeholder == Placeholder::none) break;
        if (piece.placeholder == Placeholder::eui) {
            text.append(16, '?');
        } else if (piece.placeholder == Placeholder::dev_addr) {
            text.append(8, '?');
        } else {
            text += '*';
        }
    }
    return text;
}

}  // namespace tti::lorawan
