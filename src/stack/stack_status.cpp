#include "stack/stack_status.hpp"

#include <algorithm>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "key_space/tenant_name.hpp"
#include "key_space/tenant_versions.hpp"
#include "stack/due_summary.hpp"
#include "stack/side_by_side.hpp"
#include "stack/version_keys.hpp"

namespace tti::stack {
namespace {

using nlohmann::json;

// The same surroundings with another way to end.
cli::Context with_stop(cli::Context& context, util::Stop& stop) {
    return {context.program,        context.values,       context.surroundings,
            context.reporter,       context.prompt,       stop,
            context.standard_input, context.command_line, context.run_command};
}

bool answered(const DatabaseStatus& status) {
    return status.database.server == Server::redis && status.condition.has_value();
}

std::vector<std::string> other_tenants(const std::vector<DatabaseStatus>& databases,
                                       const std::string& standard) {
    std::vector<std::string> ids;
    for (const auto& status : databases) {
        std::ranges::copy_if(status.tenants, std::back_inserter(ids),
                             [&standard](const std::string& id) { return id != standard; });
    }
    return ids;
}

std::vector<TenantStatus::NotRecorded> not_recorded(cli::Context& context,
                                                    const std::vector<DatabaseStatus>& databases,
                                                    const std::vector<std::string>& ids) {
    std::vector<TenantStatus::NotRecorded> result;
    key_space::Session session(context, redis::Mode::read_only, "tenants");
    for (const auto& status : databases) {
        if (!answered(status)) continue;
        const auto kinds = version_keys(status.database.area).kinds;
        const auto tenants = key_space::tenants_not_at_newest(session, ids, kinds).size();
        result.push_back({std::string(status.database.group), static_cast<std::int64_t>(tenants)});
    }
    return result;
}

std::vector<TenantBehind> behind(cli::Context& context,
                                 std::span<const TenantStatus::NotRecorded> not_recorded,
                                 std::vector<std::string> ids) {
    std::vector<std::string> groups;
    for (const auto& one : not_recorded)
        if (one.tenants > 0) groups.push_back(one.group);
    std::erase_if(ids, [](const std::string& id) { return key_space::is_name_of_a_server(id); });
    return tenants_behind(context, groups, ids);
}

TenantStatus tenant_status(cli::Context& context, std::vector<DatabaseStatus>& databases,
                           const StatusRequest& request) {
    const auto ids = other_tenants(databases, context.values.text("tenancy.default-id"));
    TenantStatus result{.tenants = ids.size()};
    const auto redis = std::ranges::find_if(databases, answered);
    if (ids.empty() || redis == databases.end()) return result;
    util::DeadlineStop stop(context.stop, request.limit);
    auto limited = with_stop(context, stop);
    try {
        result.not_recorded = not_recorded(limited, databases, ids);
        if (!request.quick) result.behind = behind(limited, result.not_recorded, ids);
    } catch (const InterruptedError&) {
        if (!stop.is_over()) throw;
        redis->warnings.emplace_back("The tenants' name spaces were not looked through in time.");
    } catch (const Error& error) {
        redis->warnings.push_back(
            fmt::format("The versions of the tenants' name spaces could not be read: {}.", error.what()));
    }
    return result;
}

bool any_address_given(const settings::Values& values) {
    return std::ranges::any_of(naming_settings(), [&values](const std::string& name) {
        return values.source(name).origin != settings::Origin::default_value;
    });
}

std::string now_text() {
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

json to_json(const Failure& failure) {
    return {{"code", name_of(failure.code)}, {"message", failure.message}, {"hint", failure.hint}};
}

json due_data(const DatabaseStatus& status) {
    if (!status.due || !status.due->plan) return nullptr;
    auto data = to_json(summary(*status.due->plan));
    data["plan_hash"] = status.due->plan->hash();
    data["planned_in_seconds"] = std::chrono::duration<double>(status.due->took).count();
    data["estimate"] = status.estimate ? to_json(*status.estimate) : json();
    return data;
}

json to_json(const DatabaseStatus& status) {
    json data{{"group", status.database.group},
              {"name", status.database.name},
              {"kind", status.database.server == Server::redis ? "redis" : "postgresql"},
              {"outcome", name_of(status.code)},
              {"state", status.state()},
              {"reachable", status.condition.has_value()},
              {"failure", status.failure ? to_json(*status.failure) : json()},
              {"looked_through", status.looked_through},
              {"due", due_data(status)},
              {"last_operation", status.last_operation},
              {"warnings", status.warnings}};
    add(data, status.condition.value_or(operation::Condition()));
    data["next"] = status.next();
    return data;
}

json to_json(const TenantStatus& tenants) {
    json data{{"besides_the_default", tenants.tenants}, {"redis_versions_not_recorded", json::object()}};
    for (const auto& one : tenants.not_recorded) {
        data["redis_versions_not_recorded"][one.group] = one.tenants;
    }
    data["behind"] = json::array();
    for (const auto& one : tenants.behind)
        data["behind"].push_back({{"group", one.group}, {"tenant_id", one.tenant_id}});
    return data;
}

}  // namespace

ExitCode StackStatus::code() const {
    auto code = ExitCode::done;
    for (const auto& status : databases) code = more_urgent(code, status.code);
    return tenants.behind.empty() ? code : more_urgent(code, ExitCode::due);
}

std::vector<std::string> StackStatus::next() const {
    if (code() == ExitCode::newer_database) return {};
    std::vector<std::string> commands;
    const auto is_behind = [](const DatabaseStatus& status) { return status.state() == "due"; };
    const bool upgrade = std::ranges::count_if(databases, is_behind) > 1 || !tenants.behind.empty();
    if (upgrade) commands.emplace_back("upgrade");
    for (const auto& status : databases) {
        const auto next = status.next();
        const bool by_upgrade = upgrade && is_behind(status);
        if (!next.empty() && !by_upgrade) commands.push_back(next);
    }
    return commands;
}

StackStatus stack_status(cli::Context& context, const StatusRequest& request) {
    const auto named = named_databases(context.values);
    StackStatus status{.at = now_text(),
                       .databases = side_by_side(named, context.stop, request.limit,
                                                 [&](const Database& database, util::DeadlineStop& stop) {
                                                     return database_status(context, database, request.quick,
                                                                            stop);
                                                 }),
                       .tenants = {},
                       .addresses_given = any_address_given(context.values)};
    status.tenants = tenant_status(context, status.databases, request);
    return status;
}

json to_json(const StackStatus& status) {
    json data{{"at", status.at},
              {"outcome", name_of(status.code())},
              {"databases", json::array()},
              {"tenants", to_json(status.tenants)},
              {"next", status.next()}};
    for (const auto& database : status.databases) data["databases"].push_back(to_json(database));
    return data;
}

}  // namespace tti::stack
