#include "cli/settings_text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/log_line.hpp"
#include "settings/catalogue.hpp"
#include "util/text.hpp"

namespace tti::cli {
namespace {

using settings::Option;
using settings::Type;
using settings::Values;

std::vector<Option> sorted_settings(const Values& values) {
    std::vector<Option> found;
    for (const auto& option : values.options()) {
        if (std::ranges::find(settings::catalogue(), option.name, &Option::name) !=
            settings::catalogue().end()) {
            found.push_back(option);
        }
    }
    std::ranges::sort(found, {}, &Option::name);
    return found;
}

// In double quotes, with a backslash before each of `special`.
std::string quoted(std::string_view text, std::string_view special) {
    std::string result = "\"";
    for (const char character : text) {
        if (special.find(character) != std::string_view::npos) result += '\\';
        result += character;
    }
    return result + "\"";
}

std::string yaml_value(const Values& values, const Option& option, bool show_secrets) {
    if (option.type == Type::list) return json_text(values.list(option.name));
    if (option.type == Type::secret_list) {
        return json_text(util::words(values.display(option.name, show_secrets, " ")));
    }
    const auto text = values.display(option.name, show_secrets);
    const bool bare = option.type == Type::boolean || option.type == Type::integer;
    return bare && !text.empty() ? text : json_text(text);
}

const char* origin_name(settings::Origin origin) {
    switch (origin) {
        case settings::Origin::default_value:
            return "default";
        case settings::Origin::local_deployment:
            return "local deployment";
        case settings::Origin::file:
            return "file";
        case settings::Origin::environment:
            return "environment";
        case settings::Origin::flag:
            return "flag";
    }
    return "unknown";
}

}  // namespace

std::string settings_as_flags(const Values& values, bool show_secrets) {
    const auto options = sorted_settings(values);
    std::size_t width = 0;
    for (const auto& option : options) width = std::max(width, option.name.size() + 2);
    std::string text;
    for (const auto& option : options) {
        text += fmt::format("{:>{}}={}\n", "--" + option.name, width,
                            quoted(values.display(option.name, show_secrets), "\\\""));
    }
    return text;
}

std::string settings_as_environment(const Values& values, bool show_secrets) {
    std::string text;
    for (const auto& option : sorted_settings(values)) {
        // Quoted for a shell that sources it.
        text += fmt::format("{}={}\n", settings::environment_name(option.name),
                            quoted(values.display(option.name, show_secrets, " "), "\\\"$`"));
    }
    return text;
}

std::string settings_as_yaml(const Values& values, bool show_secrets) {
    std::string text;
    std::vector<std::string> open;  // the maps that the line before stands in
    for (const auto& option : sorted_settings(values)) {
        if (option.name == "config") continue;
        auto parts = util::split(option.name, '.');
        const auto leaf = parts.back();
        parts.pop_back();
        const auto differs = std::ranges::mismatch(open, parts).in2;
        for (auto part = differs; part != parts.end(); ++part) {
            text += fmt::format("{}{}:\n",
                                std::string(2 * static_cast<std::size_t>(part - parts.begin()), ' '), *part);
        }
        text += fmt::format("{}{}: {}\n", std::string(2 * parts.size(), ' '), leaf,
                            yaml_value(values, option, show_secrets));
        open = std::move(parts);
    }
    return text;
}

nlohmann::json settings_as_json(const Values& values, bool show_secrets) {
    auto data = nlohmann::json::object();
    for (const auto& option : sorted_settings(values)) {
        const auto& source = values.source(option.name);
        data[option.name] = {{"value", values.display(option.name, show_secrets)},
                             {"origin", origin_name(source.origin)},
                             {"source", source.where}};
    }
    return data;
}

}  // namespace tti::cli
