#include "key_space/purge_operation.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "key_space/size_sample.hpp"
#include "operation/failure_point.hpp"

namespace tti::key_space {
namespace {

constexpr std::size_t most_samples = 64;
constexpr std::size_t keys_at_once = 8192;

}  // namespace

std::vector<settings::Option> purge_options() {
    auto options = bulk_options();
    for (auto& option : undo::place_options()) options.push_back(std::move(option));
    return options;
}

PurgeOperation::PurgeOperation(Session& session, Purge purge, undo::Place place)
    : session_(session),
      purge_(std::move(purge)),
      place_(std::move(place)),
      undo_(session, place_, purge_.command) {}

operation::Plan PurgeOperation::plan() {
    operation::Plan plan{.title = purge_.title};
    count();
    if (planned_ == 0) return plan;
    plan.steps.push_back(step());
    note_size(plan);
    place_.add_to(plan);
    if (purge_.look) purge_.look(session_, plan);
    plan.confirmation = fmt::format(
        "{} will be removed for good{}", describe(plan.steps.front().touches),
        place_.keeps ? " (tti-lw-stack restore brings them back)" : ", and nothing is kept of them");
    return plan;
}

void PurgeOperation::count() {
    counts_.clear();
    samples_.clear();
    found_ = {};
    planned_ = 0;
    walk(session_, {.kinds = purge_.kinds}, {}, [this](std::span<const FoundKey> page) {
        for (const auto& found : page) {
            ++counts_[found.match.kind];
            ++planned_;
            if (!session_.dry_run()) found_.add(found.key);
            auto& sample = samples_[found.match.kind];
            if (sample.size() < most_samples) sample.push_back(found.key);
        }
    });
}

void PurgeOperation::note_size(operation::Plan& plan) {
    double bytes = 0;
    double entries = 0;
    for (const auto& [kind, keys] : samples_) {
        const auto sample = sample_sizes(session_.connection(), keys, lorawan::rule(kind).type);
        if (sample.keys == 0) continue;
        const auto factor = static_cast<double>(counts_[kind]) / static_cast<double>(sample.keys);
        bytes += static_cast<double>(sample.bytes) * factor;
        entries += static_cast<double>(sample.entries) * factor;
    }
    const auto within =
        entries > 0 ? fmt::format("{:.0f} entries lie in them, and they take ", entries) : "They take ";
    plan.notes.push_back(fmt::format("{}{} of the server's memory, judged by some of them.", within,
                                     bytes_text(static_cast<std::int64_t>(bytes))));
}

operation::Step PurgeOperation::step() {
    operation::Step step{.name = "purge",
                         .what = "remove the keys",
                         .why = purge_.why,
                         .touches = {},
                         .destroys = !place_.keeps,
                         .undo = place_.keeps ? "tti-lw-stack restore" : ""};
    for (const auto& [kind, number] : counts_) {
        add(step.touches, std::string(lorawan::rule(kind).words), number);
    }
    step.run = [this](operation::StepContext& context) { run(context); };
    return step;
}

void PurgeOperation::run(operation::StepContext& context) {
    operation::failure_point("before purge");
    std::int64_t done = 0;
    found_.for_each([this] { return session_.pace().batch(keys_at_once); },
                    [&](std::span<const std::string> keys) {
                        const auto removed = remove_keys(session_, undo_, keys);
                        removed_ += removed;
                        context.count("keys", removed);
                        done += std::ssize(keys);
                        session_.pace().spent(keys.size());
                        context.progress("keys", done, planned_);
                        context.safe_point();
                    });
}

std::string PurgeOperation::result_text() {
    if (planned_ == 0) return "nothing to do: " + purge_.nothing;
    auto text = fmt::format("{} keys removed", removed_);
    if (const auto file = undo_.file(); !file.empty()) {
        text += fmt::format("\n  brought back by: tti-lw-stack restore {}", file);
    }
    return text;
}

nlohmann::json PurgeOperation::result_data() {
    nlohmann::json data{{"keys_removed", removed_}};
    if (const auto file = undo_.file(); !file.empty()) data["undo_file"] = file;
    return data;
}

}  // namespace tti::key_space
