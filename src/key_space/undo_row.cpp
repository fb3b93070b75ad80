#include "key_space/undo_row.hpp"

#include <array>
#include <utility>

#include "util/base64.hpp"

namespace tti::key_space {
namespace {

// What would end a field or a row, and the backslash itself.
constexpr std::array<std::pair<char, char>, 4> escapes{{{'\t', 't'}, {'\n', 'n'}, {'\r', 'r'}, {'\\', '\\'}}};

void append_escaped(std::string& to, std::string_view field) {
    for (const char character : field) {
        char letter = 0;
        for (const auto& [plain, escaped] : escapes) {
            if (character == plain) letter = escaped;
        }
        if (letter == 0) {
            to += character;
        } else {
            to += '\\';
            to += letter;
        }
    }
}

char unescaped(char letter) {
    for (const auto& [plain, escaped] : escapes) {
        if (letter == escaped) return plain;
    }
    return 0;
}

}  // namespace

std::string format_row(std::span<const std::string_view> fields) {
    std::string row;
    for (const auto& field : fields) {
        append_escaped(row, field);
        row += '\t';
    }
    if (!row.empty()) row.pop_back();
    return row + '\n';
}

Expected<std::vector<std::string>> parse_row(std::string_view line) {
    if (line.ends_with('\n')) line.remove_suffix(1);
    std::vector<std::string> fields(1);
    for (std::size_t index = 0; index < line.size(); ++index) {
        const char character = line[index];
        if (character == '\t') {
            fields.emplace_back();
        } else if (character != '\\') {
            fields.back() += character;
        } else {
            ++index;
            const char plain = index < line.size() ? unescaped(line[index]) : char{0};
            if (plain == 0) return unexpected("a backslash that escapes nothing");
            fields.back() += plain;
        }
    }
    return fields;
}

std::string binary_text(std::string_view bytes) {
    const auto raw = std::as_bytes(std::span(bytes));
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are bytes
    return util::base64_url({reinterpret_cast<const std::uint8_t*>(raw.data()), raw.size()});
}

Expected<std::string> parse_binary_text(std::string_view text) {
    return util::parse_base64_url(text).map(
        [](const std::vector<std::uint8_t>& bytes) { return std::string(bytes.begin(), bytes.end()); });
}

}  // namespace tti::key_space
