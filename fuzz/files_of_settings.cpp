#include <algorithm>
#include <string_view>

#include "entries.hpp"
#include "promise.hpp"
#include "settings/catalogue.hpp"
#include "settings/config_file.hpp"
#include "setup/given.hpp"
#include "util/error.hpp"

namespace tti::fuzz {
namespace {

bool is_option(std::string_view name) {
    return std::ranges::find(settings::catalogue(), name, &settings::Option::name) !=
           settings::catalogue().end();
}

void read_values(const settings::ConfigFile& file) {
    for (const auto& option : settings::catalogue()) {
        const auto found = file.values.find(option.name);
        if (found == file.values.end()) continue;
        promise(found->second.shape != settings::FileValue::Shape::scalar || found->second.items.size() == 1,
                "a scalar that is not one");
        const auto value = settings::parse_file_value(option, found->second);
        promise(value || !value.error().empty(), "a refusal without a reason");
    }
}

}  // namespace

void configuration_file(std::string_view input) {
    try {
        read_values(settings::parse_config_file("fuzz.yml", std::string(input), is_option));
    } catch (const UsageError& error) {
        promise(std::string_view(error.what()).find("fuzz.yml") != std::string_view::npos,
                "an error that does not say where");
    }
}

void setup_file(std::string_view input) {
    try {
        const auto given = setup::read_file_text("fuzz.yml", std::string(input));
        for (const auto& problem : given.problems) promise(!problem.sentence.empty(), "a problem unsaid");
    } catch (const UsageError& error) {
        promise(std::string_view(error.what()).find("fuzz.yml") != std::string_view::npos,
                "an error that does not say where");
    }
}

}  // namespace tti::fuzz
