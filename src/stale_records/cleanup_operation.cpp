#include "stale_records/cleanup_operation.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "operation/failure_point.hpp"
#include "operation/runner.hpp"
#include "stale_records/uplink_queue.hpp"
#include "util/error.hpp"

namespace tti::stale_records {
namespace {

using key_space::FoundKey;
using lorawan::KeyKind;

// Of every kind, so that a plan stays readable and in memory.
constexpr std::size_t listed_in_dry_run = 1000;
constexpr std::size_t listed_otherwise = 20;
constexpr std::size_t records_at_once = 512;

std::string words(KeyKind kind) {
    return kind == KeyKind::ns_uplinks ? "queued uplinks" : std::string(lorawan::rule(kind).words);
}

}  // namespace

CleanupOperation::CleanupOperation(key_space::Session& session, Scope scope, operation::DeletionLimit limit,
                                   undo::Place place)
    : session_(session),
      scope_(std::move(scope)),
      limit_(std::move(limit)),
      place_(std::move(place)),
      undo_(session, place_, scope_.command) {}

operation::Plan CleanupOperation::plan() {
    operation::Plan plan{.title = fmt::format("clean up {}", operation::words(scope_.area))};
    empty_ = !anything(session_, scope_);
    if (empty_) return plan;
    identities_ = open_identity_source(session_.context());
    known_ = identities_->ask(
        {.applications = scope_.needs_applications(), .eui_pairs = !scope_.session_keys.empty()});
    survey_ = survey(session_, scope_, known_, session_.dry_run() ? listed_in_dry_run : listed_otherwise);
    add_steps(plan);
    if (plan.steps.empty()) return plan;
    list(plan);
    guard(plan);
    plan.confirmation = confirmation(plan);
    return plan;
}

operation::Step CleanupOperation::step(std::string name, std::string what, std::string why) const {
    return {.name = std::move(name),
            .what = std::move(what),
            .why = std::move(why),
            .touches = {},
            .destroys = !place_.keeps,
            .undo = place_.keeps ? "tti-lw-stack restore" : ""};
}

void CleanupOperation::add_steps(operation::Plan& plan) {
    auto records = step("records", "remove records with what depends on them, after a second look at each",
                        fmt::format("unknown to the Identity Server at {}", identities_->display()));
    for (const auto& [kind, counted] : survey_.records) {
        if (counted.stale.count() > 0) add(records.touches, words(kind), counted.stale.count());
    }
    records.run = [this](operation::StepContext& context) { remove_records(context); };
    auto orphans =
        step("orphans", "remove index entries and session keys", "their device has no record any more");
    for (const auto& [kind, counted] : survey_.orphans)
        add(orphans.touches, words(kind), counted.stale.count());
    orphans.run = [this](operation::StepContext& context) { remove_orphans(context); };
    auto queued = step("queued-uplinks", "remove messages from the queue for applications",
                       "their device is unknown to the Identity Server");
    if (survey_.queued.count() > 0) add(queued.touches, words(KeyKind::ns_uplinks), survey_.queued.count());
    queued.run = [this](operation::StepContext& context) { remove_queued(context); };
    for (auto* one : {&records, &orphans, &queued}) {
        if (!one->touches.empty()) plan.steps.push_back(std::move(*one));
    }
}

void CleanupOperation::list(operation::Plan& plan) const {
    for (const auto& [kind, counted] : survey_.records) {
        for (const auto& id : counted.stale.first())
            plan.notes.push_back(fmt::format("{}: {}", words(kind), id));
        const auto more = counted.stale.count() - static_cast<std::int64_t>(counted.stale.first().size());
        if (more > 0) plan.notes.push_back(fmt::format("{}: and {} more", words(kind), more));
    }
}

void CleanupOperation::guard(operation::Plan& plan) const {
    bool devices = !survey_.orphans.empty() || survey_.queued.count() > 0;
    bool applications = false;
    std::string enough;
    for (const auto& [kind, counted] : survey_.records) {
        const auto going = counted.stale.count();
        for (const auto& id : counted.stale.first()) (is_device(id) ? devices : applications) = true;
        if (limit_.allows(going, counted.found)) continue;
        plan.refusals.push_back(fmt::format("{} of {} {} would go, and --max-delete allows {}", going,
                                            counted.found, words(kind), limit_.text));
        enough = fmt::format("See with --dry-run whether that is right; then say --max-delete={}.", going);
    }
    plan.refusal_hint = enough;
    const auto refuse_empty = [&](bool concerned, const Fingerprints& set, std::string_view what) {
        if (!concerned || set.size() > 0) return;
        plan.refusals.push_back(
            fmt::format("the Identity Server at {} knows no {} at all", identities_->display(), what));
        plan.refusal_hint =
            "Nothing is deleted after an empty answer. Is it the Identity Server of this deployment"
            " (is.database-uri or cluster.identity-server, --tenant-id)?";
    };
    refuse_empty(devices, known_.devices, "end device");
    refuse_empty(applications, known_.applications, "application");
    place_.add_to(plan);
}

std::string CleanupOperation::confirmation(const operation::Plan& plan) const {
    operation::Amounts all;
    for (const auto& one : plan.steps) {
        for (const auto& amount : one.touches) add(all, amount.what, amount.number);
    }
    return fmt::format(
        "{} will be removed for good{}", describe(all),
        place_.keeps ? " (tti-lw-stack restore brings them back)" : ", and nothing is kept of them");
}

void CleanupOperation::walk_and_remove(
    operation::StepContext& context, const std::vector<KeyKind>& kinds,
    const std::function<std::vector<Candidate>(std::span<const FoundKey>)>& choose) {
    walk(session_, {.kinds = kinds}, {.step = &context, .unit = "keys"},
         [&](std::span<const FoundKey> page) { remover_->add(choose(page)); });
    remover_->finish();
}

// Those that the plan named; each gets its second look by the remover.
void CleanupOperation::remove_records(operation::StepContext& context) {
    operation::failure_point("before stale records");
    remover_ = std::make_unique<Remover>(session_, *identities_, undo_);
    const auto& stale = survey_.stale_records;
    std::int64_t done = 0;
    stale.for_each([this] { return session_.pace().batch(records_at_once); },
                   [&](std::span<const std::string> keys) {
                       std::vector<Candidate> candidates;
                       for (const auto& key : keys) {
                           if (const auto match = session_.keys().parse(key))
                               candidates.push_back(record_candidate({key, *match}));
                       }
                       session_.require_lock();
                       remover_->add(std::move(candidates));
                       session_.pace().spent(keys.size());
                       done += std::ssize(keys);
                       context.progress("records", done, stale.size());
                       context.safe_point();
                   });
    remover_->finish();
    finish(context);
}

// Index entries first: session keys go only where no index entry is left for them.
void CleanupOperation::remove_orphans(operation::StepContext& context) {
    operation::failure_point("before orphans");
    if (!remover_) remover_ = std::make_unique<Remover>(session_, *identities_, undo_);
    Judge judge(session_, scope_, known_);
    walk_and_remove(context, scope_.pointers,
                    [&](std::span<const FoundKey> page) { return judge.orphaned_pointers(page); });
    if (!scope_.session_keys.empty()) {
        walk_and_remove(context, scope_.session_keys,
                        [&](std::span<const FoundKey> page) { return judge.orphaned_session_keys(page); });
    }
    finish(context);
}

void CleanupOperation::remove_queued(operation::StepContext& /*context*/) {
    operation::failure_point("before queued uplinks");
    if (!remover_) remover_ = std::make_unique<Remover>(session_, *identities_, undo_);
    const auto stream = session_.keys().key(KeyKind::ns_uplinks);
    each_stale_entry(session_, known_, [&](std::span<const Remover::Entry> entries) {
        remover_->remove_entries(stream, entries);
        operation::failure_point("queued uplinks removed");
    });
}

void CleanupOperation::finish(operation::StepContext& context) {
    if (remover_->unreadable() > 0) {
        context.log(
            operation::Level::warn,
            fmt::format("{} records cannot be decoded; they went without the index entries that they name",
                        remover_->unreadable()));
    }
    const auto& failures = remover_->failures();
    if (failures.empty()) return;
    throw PartlyFailedError(fmt::format("{} records were not removed: {}", failures.count(), failures.text()),
                            "Run the same command again; what is removed stays removed.");
}

operation::Amounts CleanupOperation::removed() const {
    operation::Amounts amounts;
    if (!remover_) return amounts;
    for (const auto& [kind, number] : remover_->removed()) add(amounts, words(kind), number);
    return amounts;
}

std::string CleanupOperation::result_text() {
    if (empty_) return "nothing to do: Redis holds nothing to clean up";
    const auto amounts = removed();
    if (!remover_) {
        return fmt::format("nothing to do: the Identity Server at {} knows the owner of every record",
                           identities_->display());
    }
    auto text = amounts.empty() ? std::string("nothing was removed") : describe(amounts) + " removed";
    if (remover_->kept() > 0)
        text += fmt::format("\n  {} stay: the Identity Server knows them by now", remover_->kept());
    if (const auto file = undo_.file(); !file.empty()) {
        text += fmt::format("\n  brought back by: tti-lw-stack restore {}", file);
    }
    return text;
}

nlohmann::json CleanupOperation::result_data() {
    auto rows = nlohmann::json::object();
    for (const auto& amount : removed()) rows[amount.what] = amount.number;
    nlohmann::json data{{"removed", rows}, {"kept", remover_ ? remover_->kept() : 0}};
    if (identities_) data["identity_server"] = identities_->display();
    if (const auto file = undo_.file(); !file.empty()) data["undo_file"] = file;
    return data;
}

}  // namespace tti::stale_records
