#include "backup/restore_operation.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "operation/failure_point.hpp"
#include "util/error.hpp"

namespace tti::backup {
namespace {

// "acme" or "default, acme, other".
std::string tenants_of(const Manifest& manifest) {
    if (!manifest.tenant_id.empty()) return manifest.tenant_id;
    auto all = manifest.other_tenants;
    all.insert(all.begin(), manifest.default_tenant);
    return fmt::format("{}", fmt::join(all, ", "));
}

}  // namespace

ArchiveRestore::ArchiveRestore(cli::Context& context, ArchiveReader& archive, Wanted wanted,
                               std::vector<Component> components, std::function<void()> before_writes)
    : job_(context, archive, std::move(wanted), std::move(components)),
      marks_(job_.manifest().id, job_.wanted().tenant_id, context.command_line,
             job_.wanted().tenant_id.empty() && job_.wanted().without.empty()),
      schemas_(job_, marks_),
      register_(job_),
      redis_(job_, std::move(before_writes)) {}

operation::Plan ArchiveRestore::plan() {
    const auto& manifest = job_.manifest();
    const auto& wanted = job_.wanted();
    operation::Plan plan{.title = wanted.tenant_id.empty()
                                      ? fmt::format("restore the backup of {}", manifest.begun_at)
                                      : fmt::format("restore tenant {} from the backup of {}",
                                                    wanted.tenant_id, manifest.begun_at)};
    plan.notes.emplace_back("Stop the stack's servers first: what they write meanwhile is lost or mixed in.");
    if (!manifest.left_out.empty()) {
        plan.notes.push_back(
            fmt::format("The backup was made without {}.", fmt::join(manifest.left_out, ", ")));
    }
    plan_tenant(plan);
    schemas_.plan(plan);
    if (manifest.tenant_register && !wanted.without.contains("is")) register_.plan(plan);
    if (manifest.redis && !wanted.without.contains(redis_component)) redis_.plan(plan);
    if (!plan.steps.empty()) plan_check(plan);
    plan_marks(plan);
    // Their transactions would keep tables from being dropped.
    job_.close_readers();
    if (!job_.lost().empty()) plan.confirmation = fmt::format("What is there will be lost: {}", job_.lost());
    return plan;
}

// A tenant alone: the archive has it, and it has the same place on both sides.
void ArchiveRestore::plan_tenant(operation::Plan& plan) {
    const auto& manifest = job_.manifest();
    const auto& id = job_.wanted().tenant_id;
    if (id.empty()) return;
    const bool other = !manifest.tenant_id.empty() && manifest.tenant_id != id;
    if (other || !job_.archive_has_tenant(id)) {
        throw UsageError(
            fmt::format("the archive does not hold tenant \"{}\"; it holds {}", id, tenants_of(manifest)),
            "Name one of these with --tenant-id.");
    }
    const bool default_here = id == job_.context().values.text("tenancy.default-id");
    if (default_here != (id == manifest.default_tenant)) {
        plan.refusals.push_back(fmt::format(
            "tenant {} is the default one {}, and its keys and tables have another place there", id,
            default_here ? "here, and was not where the backup was made"
                         : "where the backup was made, and is not here"));
        plan.refusal_hint = "Set tenancy.default-id as it was there.";
    }
}

// Before anything is written.
void ArchiveRestore::plan_check(operation::Plan& plan) {
    std::int64_t bytes = 0;
    for (const auto* file : job_.needed_files()) bytes += file->size;
    plan.steps.insert(plan.steps.begin(),
                      {.name = "check",
                       .what = "compare the files' checksums with the manifest",
                       .why = "before anything is written",
                       .touches = {{"bytes", bytes}},
                       .run = [this](operation::StepContext& context) { check(context); }});
}

bool ArchiveRestore::has_marks() {
    return std::ranges::any_of(job_.concerned(), [this](const Component* target) {
        return marks_.has(job_.reading(*target), target->area);
    });
}

// Around what writes, and alone where an earlier run ended after its last write.
void ArchiveRestore::plan_marks(operation::Plan& plan) {
    if (job_.concerned().empty() || (plan.steps.empty() && !has_marks())) return;
    if (!plan.steps.empty()) {
        plan.steps.insert(plan.steps.begin() + 1,
                          {.name = "begin",
                           .what = "write down in every database that a restore was begun",
                           .why = "what is half restored is told from what is whole",
                           .lock = operation::Lock::rows,
                           .run = [this](operation::StepContext& context) { mark(context); }});
    }
    plan.steps.push_back({.name = "end",
                          .what = "write down that it is whole",
                          .why = "everything of the archive is there then",
                          .lock = operation::Lock::rows,
                          .run = [this](operation::StepContext& /*context*/) { unmark(); }});
}

void ArchiveRestore::check(operation::StepContext& context) const {
    std::int64_t total = 0;
    for (const auto* file : job_.needed_files()) total += file->size;
    std::int64_t done = 0;
    for (const auto* file : job_.needed_files()) {
        job_.archive().check(*file, [&](std::int64_t bytes) {
            done += bytes;
            context.progress("bytes", done, total);
            util::throw_if_requested(context.stop());
        });
    }
}

void ArchiveRestore::mark(operation::StepContext& context) const {
    for (const auto* target : job_.concerned()) {
        auto connection = job_.open_writing(*target);
        if (marks_.set(connection, target->area)) continue;
        context.log(
            operation::Level::warn,
            fmt::format("{} takes no mark: its role may not create schema tti", target->uri.display()));
    }
}

void ArchiveRestore::unmark() const {
    for (const auto* target : job_.concerned()) {
        auto connection = job_.open_writing(*target);
        marks_.remove(connection, target->area);
        operation::failure_point("inside unmark");
    }
}

std::string ArchiveRestore::result_text() {
    if (job_.needed_files().empty()) return "nothing to do: everything is there as the archive has it";
    auto text = fmt::format("restored {} schemas", schemas_.restored());
    const auto& keys = redis_.keys();
    if (keys) text += fmt::format(" and {} keys", keys->restored());
    if (keys && keys->expired() > 0) {
        text += fmt::format("\n  {} keys have expired since the backup and stay away", keys->expired());
    }
    if (job_.there_already() > 0) text += fmt::format("\n  there already: {}", job_.there_already());
    return text + "\n  see what is due: tti-lw-stack is-db status";
}

nlohmann::json ArchiveRestore::result_data() {
    nlohmann::json data{{"id", job_.manifest().id},
                        {"schemas", schemas_.restored()},
                        {"there_already", job_.there_already()}};
    if (!job_.wanted().tenant_id.empty()) data["tenant_id"] = job_.wanted().tenant_id;
    if (const auto& keys = redis_.keys()) {
        data["keys"] = keys->restored();
        data["expired"] = keys->expired();
    }
    return data;
}

}  // namespace tti::backup
