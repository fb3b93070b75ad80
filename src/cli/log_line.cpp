#include "cli/log_line.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/text_layout.hpp"
#include "util/text.hpp"

namespace tti::cli {
namespace {

using operation::Level;

struct LevelEntry {
    Level level;
    std::string_view name;
    std::string_view colour;
};

constexpr std::array levels{
    LevelEntry{Level::debug, "debug", "\033[90m"}, LevelEntry{Level::info, "info", "\033[36m"},
    LevelEntry{Level::warn, "warn", "\033[33m"},   LevelEntry{Level::error, "error", "\033[31m"},
    LevelEntry{Level::fatal, "fatal", "\033[31m"},
};

const LevelEntry& entry_of(Level level) {
    return *std::ranges::find(levels, level, &LevelEntry::level);
}

bool asks_for_colour(const std::map<std::string, std::string>& environment) {
    if (const auto refused = environment.find("NO_COLOR");
        refused != environment.end() && !refused->second.empty())
        return false;
    const auto found = environment.find("COLORTERM");
    if (found == environment.end()) return false;
    return found->second == "truecolor" || settings::parse_boolean(found->second).value_or(false);
}

std::string json_line(Level level, std::string_view message, const nlohmann::json& fields) {
    std::string line = fmt::format(R"({{"level":"{}","msg":{})", entry_of(level).name, json_text(message));
    if (!fields.empty()) line += "," + json_text(fields).substr(1);
    return fields.empty() ? line + "}" : line;
}

}  // namespace

std::string_view name_of(Level level) {
    return entry_of(level).name;
}

LogStyle log_style(const settings::Values& values, const std::map<std::string, std::string>& environment,
                   bool interactive) {
    const auto declared = [&values](std::string_view name) {
        return std::ranges::find(values.options(), name, &settings::Option::name) != values.options().end();
    };
    LogStyle style;
    style.colour = interactive && asks_for_colour(environment);
    if (declared("log.format")) style.json = values.text("log.format") == "json";
    if (declared("log.level")) {
        const auto least = std::ranges::find(levels, values.text("log.level"), &LevelEntry::name);
        if (least != levels.end()) style.least = least->level;
    }
    return style;
}

std::string log_line(Level level, std::string_view message, const nlohmann::json& fields,
                     const LogStyle& style) {
    if (style.json) return json_line(level, message, fields);
    const auto& entry = entry_of(level);
    const auto name = util::upper(entry.name);
    auto line = style.colour ? fmt::format("{}{}\033[0m", entry.colour, name) : name;
    line += "\t" + printable_lines(message);
    return fields.empty() ? line : line + "\t" + json_text(fields);
}

std::string json_text(const nlohmann::json& data) {
    return data.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace tti::cli
