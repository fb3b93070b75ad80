#include "identity_server/output_template.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tti::identity_server {
namespace {

std::string_view trim(std::string_view text) {
    const std::size_t first = text.find_first_not_of(' ');
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

}  // namespace

Expected<OutputTemplate> OutputTemplate::parse(std::string_view text,
                                               const std::vector<std::string>& fields) {
    OutputTemplate result;
    result.json_ = text == "json";
    const std::string accepted =
        fmt::format("accepted: json, or a text with {{{{.{}}}}}", fmt::join(fields, "}}, {{."));
    while (!result.json_ && !text.empty()) {
        const std::size_t open = text.find("{{");
        if (open == std::string_view::npos) {
            result.pieces_.push_back({std::string(text), ""});
            break;
        }
        const std::size_t close = text.find("}}", open);
        if (close == std::string_view::npos) {
            return unexpected(fmt::format("a {{{{ has no }}}}; {}", accepted));
        }
        const std::string_view name = trim(text.substr(open + 2, close - open - 2));
        if (!name.starts_with('.') || std::ranges::find(fields, name.substr(1)) == fields.end()) {
            return unexpected(fmt::format("\"{}\" is no field; {}", name, accepted));
        }
        result.pieces_.push_back({std::string(text.substr(0, open)), std::string(name.substr(1))});
        text.remove_prefix(close + 2);
    }
    return result;
}

std::string OutputTemplate::render(const std::map<std::string, std::string>& values) const {
    std::string text;
    for (const Piece& piece : pieces_) {
        text += piece.text;
        text += piece.field.empty() ? "" : values.at(piece.field);
    }
    return text;
}

}  // namespace tti::identity_server
