#include <algorithm>
#include <cctype>

#include "postgres/uri_settings.hpp"

namespace tti::postgres {
namespace {

constexpr std::string_view blanks = " \t\r\n\v\f";

void skip_blanks(std::string_view text, std::size_t& at) {
    at = std::min(text.find_first_not_of(blanks, at), text.size());
}

// libpq's and the server's names, the parameters of extensions ("timescaledb.license") among them.
bool is_name(std::string_view name) {
    return !name.empty() && std::ranges::all_of(name, [](unsigned char character) {
        return std::isalnum(character) != 0 || character == '_' || character == '.' || character == '-';
    });
}

// Reads one value and moves behind it; false when its closing quote is missing.
bool read_value(std::string_view text, std::size_t& at, std::string& value) {
    const bool quoted = at < text.size() && text[at] == '\'';
    at += quoted ? 1 : 0;
    while (at < text.size()) {
        if (quoted ? text[at] == '\'' : blanks.find(text[at]) != std::string_view::npos) {
            at += quoted ? 1 : 0;
            return true;
        }
        if (text[at] == '\\' && at + 1 < text.size()) {
            ++at;
        }
        value += text[at++];
    }
    return !quoted;
}

}  // namespace

Expected<std::vector<UriSetting>> parse_keywords(std::string_view text) {
    std::vector<UriSetting> settings;
    std::size_t at = 0;
    for (skip_blanks(text, at); at < text.size(); skip_blanks(text, at)) {
        const std::size_t name_end = std::min(text.find_first_of(" \t\r\n\v\f=", at), text.size());
        UriSetting setting{std::string(text.substr(at, name_end - at)), {}};
        at = name_end;
        skip_blanks(text, at);
        if (!is_name(setting.name) || at == text.size() || text[at] != '=') {
            return unexpected(
                "neither a URL (postgres://user:password@host:5432/database) nor a list of name=value");
        }
        skip_blanks(text, ++at);
        setting.begin = at;
        if (!read_value(text, at, setting.value)) {
            return unexpected("a quoted value has no closing quote");
        }
        setting.length = at - setting.begin;
        settings.push_back(std::move(setting));
    }
    return settings;
}

std::string quote_keyword_value(std::string_view value) {
    std::string result = "'";
    for (const char character : value) {
        if (character == '\'' || character == '\\') {
            result += '\\';
        }
        result += character;
    }
    return result + '\'';
}

}  // namespace tti::postgres
