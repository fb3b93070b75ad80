#include "network_server/prune.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "key_space/walk.hpp"
#include "network_server/lost_tasks.hpp"
#include "operation/failure_point.hpp"

namespace tti::network_server {
namespace {

using key_space::FoundKey;
using lorawan::KeyKind;

constexpr std::size_t streams_at_once = 128;

// Entries that the stack has processed stay because another reader has not come to them.
std::string held_back(const StreamState& stream) {
    const auto* ours = stream.group(stack_group);
    if (ours == nullptr) return {};
    for (const auto& group : stream.groups) {
        if (group.last_delivered < ours->last_delivered) {
            return fmt::format(
                "{} keeps what its consumer group {} has not read; XGROUP DESTROY removes a group that "
                "nobody uses.",
                stream.key, group.name);
        }
    }
    return {};
}

constexpr const char* at_most = "processed entries at most";

// What it touches, in words that do not promise more than was counted.
operation::Amounts shown(operation::Amounts touches, bool exact) {
    for (auto& amount : touches) {
        if (!exact && amount.what == pruned::entries) amount.what = at_most;
    }
    return touches;
}

}  // namespace

std::vector<KeyKind> legacy_stream_kinds() {
    return {KeyKind::ns_legacy_uplinks, KeyKind::ns_legacy_invalidation, KeyKind::ns_legacy_join_accept};
}

void PruneSurvey::add_legacy(key_space::Session& session, std::span<const std::string> keys,
                             const PruneOptions& options) {
    for (std::size_t start = 0; start < keys.size(); start += streams_at_once) {
        const auto some = keys.subspan(start, std::min(streams_at_once, keys.size() - start));
        auto streams = read_streams(session.connection(), some);
        count_entries(session.connection(), streams, looking);
        for (const auto& stream : streams) {
            if (!stream.error.empty()) failures.add(stream.key, stream.error);
            add_due(stream, StreamUse::legacy, options, legacy, exact);
            if (auto note = held_back(stream); !note.empty()) notes.push_back(std::move(note));
        }
    }
    legacy_keys.insert(legacy_keys.end(), keys.begin(), keys.end());
}

void PruneSurvey::finish(key_space::Session& session, const PruneOptions& options) {
    const auto& keys = session.keys();
    const std::vector<std::string> names{keys.key(KeyKind::ns_uplinks), keys.key(KeyKind::ns_downlink_input),
                                         keys.key(KeyKind::ns_downlink_ready)};
    auto streams = read_streams(session.connection(), names);
    count_entries(session.connection(), streams, looking);
    for (const auto& stream : streams) {
        if (!stream.error.empty()) failures.add(stream.key, stream.error);
        if (stream.groups.size() > 1) {
            notes.push_back(
                fmt::format("{} has other consumer groups than the stack's and is left alone.", stream.key));
        }
    }
    const auto alone = [](const StreamState& stream) { return stream.groups.size() == 1; };
    if (alone(streams[0])) add_due(streams[0], StreamUse::queue, options, uplinks, exact);
    if (!alone(streams[1])) return;
    add_due(streams[1], StreamUse::queue, options, tasks, exact);
    if (!alone(streams[2])) return;
    operation::Amounts ready;
    bool any = true;
    add_due(streams[2], StreamUse::queue, options, ready, any);
    for (const auto& amount : ready) {
        if (amount.what != pruned::entries) add(tasks, amount.what, amount.number);
    }
    const auto lost = count_lost_tasks(session, streams[2], options.dead_after);
    for (const auto& [what, number] :
         {std::pair{pruned::queued, lost.queued}, std::pair{pruned::obsolete, lost.obsolete},
          std::pair{pruned::lost, lost.unseen}}) {
        if (number > 0) add(tasks, what, number);
    }
    exact = exact && lost.unseen == 0;
}

operation::Plan PruneOperation::plan() {
    operation::Plan plan{.title = "prune the Network Server database"};
    // A dry run is for the numbers. A run tells them at its end, and need not count twice.
    survey_ = {.looking = session_.dry_run() ? Looking::far : Looking::near};
    walk(session_, {.kinds = legacy_stream_kinds()}, {}, [this](std::span<const FoundKey> page) {
        std::vector<std::string> keys;
        for (const auto& found : page) keys.push_back(found.key);
        survey_.add_legacy(session_, keys, options_);
    });
    survey_.finish(session_, options_);
    plan.notes = survey_.notes;
    if (!survey_.failures.empty()) {
        plan.notes.push_back(
            fmt::format("{} keys cannot be pruned: {}.", survey_.failures.count(), survey_.failures.text()));
    }
    add_steps(plan);
    return plan;
}

void PruneOperation::add_steps(operation::Plan& plan) {
    const auto step = [&](const char* name, const char* what, const operation::Amounts& touches,
                          bool destroys, void (PruneOperation::*run)(operation::StepContext&)) {
        plan.steps.push_back(
            {.name = name,
             .what = what,
             .why = "processed and never removed",
             .touches = shown(touches, survey_.exact),
             .lock = operation::Lock::rows,
             .destroys = destroys,
             .run = [this, run](operation::StepContext& context) { (this->*run)(context); }});
    };
    if (!survey_.legacy.empty() || !survey_.failures.empty()) {
        step("legacy-streams",
             options_.include_pending
                 ? "remove what the streams per application hold that was delivered, acknowledged or not"
                 : "remove what the streams per application hold that was processed",
             survey_.legacy, options_.include_pending, &PruneOperation::prune_legacy);
    }
    if (!survey_.uplinks.empty()) {
        step("uplinks", "remove what the uplink queue holds that was processed", survey_.uplinks, false,
             &PruneOperation::prune_uplinks);
    }
    if (!survey_.tasks.empty()) {
        step("downlink-tasks", "remove processed downlink tasks, and queue lost ones again", survey_.tasks,
             false, &PruneOperation::prune_tasks);
    }
}

void PruneOperation::prune_legacy(operation::StepContext& step) {
    operation::failure_point("prune legacy: before");
    StreamPruner pruner(session_, options_, failures_, counts_);
    const std::span<const std::string> keys(survey_.legacy_keys);
    for (std::size_t start = 0; start < keys.size(); start += streams_at_once) {
        pruner.prune(keys.subspan(start, std::min(streams_at_once, keys.size() - start)), StreamUse::legacy,
                     step);
        step.progress("streams", static_cast<std::int64_t>(std::min(start + streams_at_once, keys.size())),
                      static_cast<std::int64_t>(keys.size()));
        step.safe_point();
    }
}

void PruneOperation::prune_uplinks(operation::StepContext& step) {
    StreamPruner pruner(session_, options_, failures_, counts_);
    pruner.prune(std::vector<std::string>{session_.keys().key(KeyKind::ns_uplinks)}, StreamUse::queue, step);
}

// The processed ones first: what is queued again must not be among them.
void PruneOperation::prune_tasks(operation::StepContext& step) {
    StreamPruner pruner(session_, options_, failures_, counts_);
    pruner.prune(std::vector<std::string>{session_.keys().key(KeyKind::ns_downlink_input)}, StreamUse::queue,
                 step);
    const std::vector<std::string> ready{session_.keys().key(KeyKind::ns_downlink_ready)};
    pruner.drop_dangling(ready, step);
    const auto rescued = rescue_lost_tasks(session_, options_.dead_after, step);
    for (const auto& [what, number] :
         {std::pair{pruned::queued, rescued.queued}, std::pair{pruned::obsolete, rescued.obsolete}}) {
        if (number == 0) continue;
        add(counts_, what, number);
        step.count(what, number);
    }
    pruner.remove_consumers(ready, step);
    operation::failure_point("prune tasks: after");
}

void PruneOperation::verify() {
    if (failures_.empty()) return;
    throw PartlyFailedError(
        fmt::format("{} keys could not be pruned, the others were: {}", failures_.count(), failures_.text()),
        "Look at them with TYPE and XINFO STREAM; what is no stream does not belong there.");
}

std::string PruneOperation::result_text() {
    return counts_.empty() ? "nothing to do: nothing in the streams is processed or lost"
                           : "removed or mended: " + describe(counts_);
}

nlohmann::json PruneOperation::result_data() {
    auto data = nlohmann::json::object();
    for (const auto& amount : counts_) data[amount.what] = amount.number;
    return {{"pruned", data}};
}

cli::Command prune_command() {
    auto options = key_space::bulk_options();
    options.push_back(
        {.name = "include-pending",
         .type = settings::Type::boolean,
         .description = "remove from the streams per application also what was never acknowledged"});
    options.push_back({.name = "dead-after",
                       .type = settings::Type::duration,
                       .description = "take a consumer that was not seen for this long for dead",
                       .value_name = "DURATION",
                       .default_text = "10m"});
    return {
        .name = "prune",
        .summary = "Remove processed entries from the Network Server's streams",
        .description =
            "From the uplink streams per application of releases up to 3.27: entries that every consumer "
            "group has read and acknowledged, emptied streams, dead consumers. From the queues of today: "
            "processed uplinks and downlink tasks that are never removed otherwise. Downlink tasks that "
            "a "
            "crashed or stopped Network Server has lost are queued again.\n\n"
            "What is still to be processed stays, so this may run next to the stack at any time, and "
            "neither asks nor keeps an undo file. Where Redis cannot say how much of a stream is processed, "
            "a run names the most there can be in its plan; a dry run counts.",
        .options = std::move(options),
        .settings = key_space::with_redis_settings(),
        .examples = {{"ns-db prune --dry-run", "see what would go"},
                     {"ns-db prune", "prune"},
                     {"ns-db prune --include-pending",
                      "as earlier releases did: what was delivered goes, acknowledged or not"}},
        .effect = cli::Effect::writes,
        .run = [](cli::Context& context) {
            const PruneOptions chosen{
                context.values.boolean("include-pending"),
                std::chrono::duration_cast<std::chrono::milliseconds>(context.values.duration("dead-after"))};
            return key_space::run_writing(context, operation::Area::network_server,
                                          [&](key_space::Session& session) {
                                              return std::make_unique<PruneOperation>(session, chosen);
                                          });
        }};
}

}  // namespace tti::network_server
