#include "backup/backup_operation.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "backup/time_text.hpp"
#include "database/preview.hpp"
#include "util/base64.hpp"
#include "util/error.hpp"
#include "util/random.hpp"
#include "util/version.hpp"

namespace tti::backup {
namespace {

constexpr std::size_t id_bytes = 16;

std::string program_text() {
    const auto commit = util::commit();
    return fmt::format("{}{}", util::version(), commit.empty() ? "" : fmt::format(" ({})", commit));
}

}  // namespace

operation::Plan BackupOperation::plan() {
    const auto& values = job_.context().values;
    const auto& tenant = values.text("tenant-id");
    auto& manifest = job_.manifest();
    manifest = {.id = util::base64_url(util::random_bytes(id_bytes)),
                .program = program_text(),
                .begun_at = now_text(),
                .tenant_id = tenant,
                .default_tenant = values.text("tenancy.default-id")};
    operation::Plan plan{.title = tenant.empty() ? "back up the deployment"
                                                 : fmt::format("back up tenant {}", tenant)};
    if (!tenant.empty() && !job_.wants("is")) {
        throw UsageError(fmt::format("whether there is a tenant \"{}\", and which keys are its own, is only "
                                     "known with the register of the Identity Server",
                                     tenant),
                         "Leave out --without is.");
    }
    plan_place(plan);
    if (job_.wants("is")) {
        record_tenants(job_.session());
        schemas_.plan_identity_server(plan);
        register_.plan(plan);
    } else if (job_.wants(redis_component)) {
        try_to_record_tenants(plan);
    }
    for (const auto& component : job_.components()) {
        if (!component.schema.empty() && job_.wants(component.name))
            schemas_.plan_timeseries(plan, component);
    }
    if (job_.wants(redis_component)) redis_.plan(plan);
    if (plan.steps.empty()) plan.refusals.emplace_back("there is nothing to back up");
    manifest.left_out.assign(job_.left_out().begin(), job_.left_out().end());
    plan_manifest(plan);
    for (auto& step : plan.steps) step.undo = "remove the archive";
    return plan;
}

void BackupOperation::plan_place(operation::Plan& plan) {
    auto& place = job_.place();
    const auto state = look_at(place);
    if (auto reason = reason_against(state, place); !reason.empty()) {
        plan.refusals.push_back(std::move(reason));
        plan.refusal_hint = "Name a new or empty place.";
    }
    if (state.kind == PlaceState::Kind::unfinished) {
        plan.notes.push_back(
            fmt::format("{} holds the rest of a backup that was not finished ({}); this one takes its place.",
                        place.display(), state.told.empty() ? "nothing says when it was begun" : state.told));
    }
    if (!job_.encrypts()) {
        plan.notes.emplace_back(
            "The archive is not encrypted. It holds session keys of end devices and hashes of secrets: give "
            "--key-from, or keep it where only you can read it.");
    }
}

void BackupOperation::record_tenants(identity_server::Session& session) {
    for (const auto& tenant : session.all_tenants()) {
        if (!tenant.is_default) job_.manifest().other_tenants.push_back(tenant.id);
    }
}

// Whose keys there are is asked even where the tables are left out.
void BackupOperation::try_to_record_tenants(operation::Plan& plan) {
    const auto not_named = [&plan](const Error& error) {
        plan.notes.push_back(fmt::format(
            "The archive will not say whose keys it holds, for the register of tenants cannot be asked: {}",
            error.what()));
    };
    try {
        identity_server::Session session(job_.context(), identity_server::Access::read);
        record_tenants(session);
    } catch (const UsageError& error) {
        not_named(error);
    } catch (const postgres::ConnectionError& error) {
        not_named(error);
    }
}

void BackupOperation::plan_manifest(operation::Plan& plan) {
    plan.steps.push_back({.name = "manifest",
                          .what = fmt::format("write {}/{}", job_.place().display(), manifest_name),
                          .why = "without it there is no backup",
                          .run = [this](operation::StepContext& /*context*/) {
                              job_.manifest().ended_at = now_text();
                              job_.finish();
                          }});
}

std::string BackupOperation::result_text() {
    const auto& manifest = job_.manifest();
    const auto& place = job_.place();
    std::size_t schemas = 0;
    for (const auto& database : manifest.databases) schemas += database.schemas.size();
    auto text =
        fmt::format("backed up to {}: {} schemas with {} rows", place.display(), schemas, schemas_.rows());
    if (manifest.redis) text += fmt::format(", {} keys", manifest.redis->keys);
    text += fmt::format("; {}, {}", database::size_text(job_.bytes()),
                        job_.encrypts() ? "encrypted" : "not encrypted");
    if (manifest.redis && manifest.redis->writes_meanwhile > 0) {
        text +=
            fmt::format("\n  while Redis was walked, it counted {} writes", manifest.redis->writes_meanwhile);
    }
    return text + fmt::format("\n  check it with: tti-lw-stack backup verify {}{}", place.display(),
                              job_.encrypts() ? " --key-from " + job_.context().values.text("key-from") : "");
}

nlohmann::json BackupOperation::result_data() {
    const auto& manifest = job_.manifest();
    nlohmann::json data{{"place", job_.place().display()}, {"id", manifest.id},
                        {"encrypted", job_.encrypts()},    {"bytes", job_.bytes()},
                        {"rows", schemas_.rows()},         {"left_out", manifest.left_out}};
    if (manifest.redis) {
        data["keys"] = manifest.redis->keys;
        data["writes_meanwhile"] = nullptr;
        if (manifest.redis->writes_meanwhile >= 0)
            data["writes_meanwhile"] = manifest.redis->writes_meanwhile;
    }
    return data;
}

}  // namespace tti::backup
