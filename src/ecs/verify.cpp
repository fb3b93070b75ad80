#include "ecs/verify.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/aws_of_run.hpp"
#include "cli/text_layout.hpp"
#include "ecs/preflight.hpp"

namespace tti::ecs {
namespace {

using nlohmann::json;

std::ptrdiff_t count(const Checks& checks, Verdict verdict) {
    return std::ranges::count(checks, verdict, &Check::verdict);
}

std::string summary(const Checks& checks) {
    const auto problems = count(checks, Verdict::problem);
    const auto unknown = count(checks, Verdict::unknown);
    auto text = problems > 0 ? fmt::format("{} of {} checks found a problem", problems, checks.size())
                             : fmt::format("{} checks found no problem", checks.size());
    if (unknown > 0) text += fmt::format(", {} could not be made", unknown);
    return text + "\n";
}

ExitCode run_verify(cli::Context& context) {
    cli::AwsOfRun aws(context);
    auto deployment = find_deployment(aws.session(), context.values);
    const auto checks = preflight(deployment);
    auto data = to_json(checks);
    data["stack"] = deployment.stack();
    data["arguments"] = format_run_arguments(deployment.where());
    context.reporter.result(to_text(checks), data);
    return exit_code(checks);
}

}  // namespace

std::string to_text(const Checks& checks) {
    constexpr std::size_t topic_column = 16;
    constexpr std::size_t verdict_column = 9;
    std::string text;
    for (const auto& check : checks) {
        text += fmt::format("{}  {}  {}\n", cli::pad_right(check.topic, topic_column),
                            cli::pad_right(describe(check.verdict), verdict_column),
                            cli::printable(check.evidence));
        if (check.hint.empty()) continue;
        text += fmt::format("{:{}}  hint: {}\n", "", topic_column, check.hint);
    }
    return text + summary(checks);
}

json to_json(const Checks& checks) {
    json all = json::array();
    for (const auto& check : checks) {
        all.push_back({{"topic", check.topic},
                       {"verdict", describe(check.verdict)},
                       {"evidence", check.evidence},
                       {"hint", check.hint}});
    }
    return {{"checks", all},
            {"problems", count(checks, Verdict::problem)},
            {"warnings", count(checks, Verdict::warning)},
            {"unknown", count(checks, Verdict::unknown)},
            {"outcome", name_of(exit_code(checks))}};
}

ExitCode exit_code(const Checks& checks) {
    return count(checks, Verdict::problem) > 0 ? ExitCode::due : ExitCode::done;
}

cli::Command verify_command() {
    return {
        .name = "verify",
        .summary = "Look whether tasks of a deployment would start, and start none",
        .description =
            "Looks at the stack and its output, the cluster, the task definition and whether it is the "
            "newest, "
            "the image, both roles, the subnets and the security group, the log group, the secrets and "
            "parameters that the container gets (not their values), and by IAM's simulation at what the "
            "execution role and the caller may do.\n\n"
            "What may not be looked at is told as not known, and ends nothing else. The exit code is 3 where "
            "there is a problem.",
        .options = deployment_options(),
        .examples = {{"ecs verify --ecs ttich-prod-eu1", "before a maintenance window"},
                     {"ecs verify --ecs ttich-prod-eu1 --output json", "for a program"}},
        .run = run_verify};
}

}  // namespace tti::ecs
