#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/own_commands.hpp"
#include "cli/settings_text.hpp"
#include "settings/catalogue.hpp"

namespace tti::cli {
namespace {

ExitCode config(Context& context) {
    const auto& values = context.values;
    const bool secrets = values.boolean("show-secrets");
    if (values.boolean("env") && values.boolean("yml")) {
        throw UsageError("--env and --yml exclude each other", "Give one of them.");
    }
    std::string text;
    if (values.boolean("env")) {
        text = settings_as_environment(values, secrets);
    } else if (values.boolean("yml")) {
        text = settings_as_yaml(values, secrets);
    } else {
        text = settings_as_flags(values, secrets);
    }
    context.reporter.result(text, settings_as_json(values, secrets));
    return ExitCode::done;
}

std::vector<std::string> names_of(const std::vector<settings::Option>& options) {
    std::vector<std::string> names;
    names.reserve(options.size());
    for (const auto& option : options) names.push_back(option.name);
    return names;
}

}  // namespace

Command config_command() {
    using settings::Type;
    return {
        .name = "config",
        .summary = "Show the settings that this program would use here",
        .description =
            "Resolves every setting from flags, variables, configuration files and defaults, in this order. "
            "Secrets are masked.",
        .options = {{.name = "env", .type = Type::boolean, .description = "as variables"},
                    {.name = "yml", .type = Type::boolean, .description = "as a configuration file"},
                    {.name = "show-secrets",
                     .type = Type::boolean,
                     .description = "show secrets instead of a mask"}},
        .settings = names_of(settings::catalogue()),
        .examples = {{"config --yml --config deployment.yml", "what a file and the variables come to"},
                     {"config --output json", "with the source of every value"}},
        .tells_secret = when_given("show-secrets"),
        .run = config};
}

}  // namespace tti::cli
