#include "ecs/secrets_in_command.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "util/error.hpp"

namespace tti::ecs {
namespace {

constexpr auto allow_secret = "allow-secret-in-override";

bool is_secret(const settings::Option& option) {
    return option.type == settings::Type::secret_text || option.type == settings::Type::secret_list;
}

const settings::Option* find(const std::vector<settings::Option>& options, const std::string& name) {
    const auto found = std::ranges::find(options, name, &settings::Option::name);
    return found == options.end() ? nullptr : &*found;
}

// "--secret" has "--secret-from"; a setting comes from the environment that the task definition makes.
std::string place_for(const std::string& name, const std::vector<settings::Option>& own) {
    if (find(own, name + "-from") != nullptr) {
        return fmt::format("--{}-from=secretsmanager:NAME#FIELD or --{}-from=ssm:NAME", name, name);
    }
    return fmt::format("variable {} of the task definition", settings::environment_name(name));
}

}  // namespace

std::vector<LiteralSecret> secrets_in_command(const cli::ParsedLine& line,
                                              const std::vector<settings::Option>& settings) {
    const auto own = cli::inputs_of(*line.command);
    std::vector<LiteralSecret> secrets;
    for (const auto& flag : line.flags) {
        const auto* option = find(own, flag.name);
        if (option == nullptr) option = find(settings, flag.name);
        if (option == nullptr || !is_secret(*option) || flag.text.empty()) continue;
        secrets.push_back({settings::shown_name(*option), place_for(flag.name, own)});
    }
    return secrets;
}

void require_no_secret(const cli::ParsedLine& line, const std::vector<settings::Option>& settings) {
    const auto secrets = secrets_in_command(line, settings);
    if (secrets.empty()) return;
    const auto& first = secrets.front();
    throw RefusedError(
        fmt::format("{} is a secret, and everybody who may describe tasks can read it in the override of one",
                    first.option),
        fmt::format("Use {}, which is read inside the task; or add --{}.", first.instead, allow_secret));
}

settings::Option allow_secret_option() {
    return {.name = allow_secret,
            .type = settings::Type::boolean,
            .description = "send a secret in the override of the task, where it can be read afterwards"};
}

}  // namespace tti::ecs
