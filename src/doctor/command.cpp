#include "doctor/command.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "doctor/examination.hpp"
#include "doctor/oauth_client.hpp"
#include "doctor/report.hpp"
#include "key_space/session.hpp"
#include "settings/bad_value.hpp"
#include "settings/catalogue.hpp"
#include "util/text.hpp"

namespace tti::doctor {
namespace {

using settings::Values;

// The checks of --only or --skip; throws UsageError for a name that is none.
std::vector<std::string> named(const Values& values, const std::string& option) {
    std::vector<std::string> known;
    known.reserve(checks().size());
    for (const auto& check : checks()) known.emplace_back(check.name);
    const auto& names = values.list(option);
    for (const auto& name : names) {
        if (std::ranges::find(known, name) != known.end()) continue;
        throw settings::bad_value(
            values, option, settings::in_quotes(name),
            fmt::format("there is no such check; did you mean {}?", util::nearest(name, known)),
            "tti-lw-stack doctor --list tells all checks.");
    }
    return names;
}

std::vector<const Check*> chosen(const Values& values) {
    const auto only = named(values, "only");
    const auto skip = named(values, "skip");
    const auto contains = [](const std::vector<std::string>& names, std::string_view name) {
        return std::ranges::find(names, name) != names.end();
    };
    std::vector<const Check*> result;
    for (const auto& check : checks()) {
        if ((only.empty() || contains(only, check.name)) && !contains(skip, check.name))
            result.push_back(&check);
    }
    if (result.empty()) {
        throw UsageError("options only and skip together leave no check",
                         "Take a check out of --skip; tti-lw-stack doctor --list tells all of them.");
    }
    return result;
}

void require_positive(const Values& values, const std::string& option) {
    if (values.duration(option) > std::chrono::nanoseconds(0)) return;
    throw settings::bad_value(values, option, values.display(option, false),
                              "accepted: a duration above zero", "Correct it and run the command again.");
}

ExitCode run(cli::Context& context) {
    if (context.values.boolean("list")) {
        context.reporter.result(to_text(checks()), to_json(checks()));
        return ExitCode::done;
    }
    require_domain(context.values);
    for (const auto* option : {"timeout", "transaction-age"}) require_positive(context.values, option);
    const auto wanted = chosen(context.values);
    const auto examination = examine(context, wanted);
    context.reporter.result(to_text(examination), to_json(examination));
    return exit_code(examination);
}

std::vector<settings::Option> options() {
    std::vector<settings::Option> options{
        {.name = "only",
         .type = settings::Type::list,
         .description = "look at nothing but these",
         .value_name = "CHECK"},
        {.name = "skip",
         .type = settings::Type::list,
         .description = "do not look at these",
         .value_name = "CHECK"},
        {.name = "list",
         .type = settings::Type::boolean,
         .description = "tell what the checks look at and why, and look at nothing",
         .default_text = "false"}};
    options.push_back(
        {.name = "transaction-age",
         .type = settings::Type::duration,
         .description = "tell transactions that do nothing for so long, or work for twelve times as long",
         .value_name = "DURATION",
         .default_text = "5m"});
    options.push_back({.name = "timeout",
                       .type = settings::Type::duration,
                       .description = "look at one database for no longer than this",
                       .value_name = "DURATION",
                       .default_text = "30s"});
    for (auto& option : cluster_options()) options.push_back(std::move(option));
    return options;
}

std::vector<std::string> settings_of_checks() {
    std::vector<std::string> names{"is.database-uri",
                                   "is.database-max-open-conns",
                                   "is.network.tenant-id",
                                   "is.oauth.ui.canonical-url",
                                   "tenancy.base-domains",
                                   "console.oauth.client-id",
                                   "console.oauth.client-secret",
                                   "console.ui.canonical-url",
                                   "noc.oauth.client-id",
                                   "noc.oauth.client-secret",
                                   "noc.ui.canonical-url",
                                   "noc.store.max-open-connections"};
    for (auto& more :
         {storage_integration::database_settings(), network_operations_center::database_settings()}) {
        for (const auto& name : more) {
            if (std::ranges::find(names, name) == names.end()) names.push_back(name);
        }
    }
    for (const auto& option : settings::catalogue()) {
        if (option.name.starts_with("cache.redis.") || option.name.starts_with("events.redis."))
            names.push_back(option.name);
    }
    return key_space::with_redis_settings(std::move(names));
}

}  // namespace

cli::Command doctor_command() {
    return {
        .name = "doctor",
        .summary = "Look for what goes wrong in practice, and tell what mends it",
        .description =
            "Looks at the settings, at every database that they name, and at whether both agree: tenants, "
            "OAuth clients and their secrets, admins, PostgreSQL, TimescaleDB and Redis, clocks. Each "
            "finding is an error, a warning or a note, with what was seen and the command or setting that "
            "mends it.\n\n"
            "Reads only, in read-only transactions. A database that cannot be reached is a finding, and "
            "holds up nothing else. No secret is shown.\n\n"
            "The exit code is 0 where nothing is worse than a note, and 3 otherwise.\n\n"
            "Redirect URIs are compared with the domain of console.ui.canonical-url and "
            "noc.ui.canonical-url, or with --domain. Where those and is.oauth.ui.canonical-url have "
            "different domains, or with --secondary-cluster, clients need whole URIs alone; elsewhere "
            "paths too.\n\n"
            "Secrets of clients are compared where console.oauth.client-secret and noc.oauth.client-secret "
            "are set, as they are where the stack runs.",
        .options = options(),
        .settings = settings_of_checks(),
        .examples = {{"doctor", "look at everything"},
                     {"doctor --list", "what is looked at, and why"},
                     {"doctor --only redis-eviction,redis-persistence", "look at these alone"},
                     {"doctor --domain=eu1.example.com --output json",
                      "compare redirect URIs with that domain, for a program"}},
        .run = run};
}

}  // namespace tti::doctor
