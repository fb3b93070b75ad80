#include "cli/resolve_line.hpp"

#include <algorithm>

#include "cli/option_text.hpp"
#include "settings/catalogue.hpp"

namespace tti::cli {
namespace {

std::vector<settings::Option> wanted_settings(const ParsedLine& line) {
    auto wanted = settings_of(*line.command, settings::catalogue());
    for (const auto& option : settings::catalogue()) {
        const bool given =
            std::ranges::find(line.flags, option.name, &settings::FlagText::name) != line.flags.end();
        const bool there = std::ranges::find(wanted, option.name, &settings::Option::name) != wanted.end();
        if (given && !there) wanted.push_back(option);
    }
    return wanted;
}

settings::Resolution resolve_flags(const ParsedLine& line) {
    auto flags = inputs_of(*line.command);
    const auto wanted = wanted_settings(line);
    flags.insert(flags.end(), wanted.begin(), wanted.end());
    return settings::resolve_flags(flags, line.flags);
}

}  // namespace

settings::Resolution resolve_line(const ParsedLine& line, const settings::Surroundings& surroundings) {
    if (line.command->settings.empty()) return resolve_flags(line);
    return settings::resolve(wanted_settings(line), inputs_of(*line.command), line.flags, surroundings);
}

settings::Values resolve_words(const ParsedLine& line) {
    return resolve_flags(line).values;
}

settings::Values resolve_some(const std::vector<std::string>& names, const ParsedLine& line,
                              const settings::Surroundings& surroundings) {
    const auto is_one = [&names](const std::string& name) {
        return std::ranges::find(names, name) != names.end();
    };
    std::vector<settings::Option> options;
    std::ranges::copy_if(settings::catalogue(), std::back_inserter(options), is_one, &settings::Option::name);
    std::vector<settings::FlagText> flags;
    std::ranges::copy_if(
        line.flags, std::back_inserter(flags),
        [&is_one](const std::string& name) { return name == "config" || is_one(name); },
        &settings::FlagText::name);
    return settings::resolve(options, {}, flags, surroundings).values;
}

}  // namespace tti::cli
