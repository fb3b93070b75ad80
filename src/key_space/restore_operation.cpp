#include "key_space/restore_operation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "operation/failure_point.hpp"
#include "postgres/lock_safe.hpp"
#include "util/error.hpp"

namespace tti::key_space {
namespace {

constexpr std::size_t most_rows = 256;
constexpr std::size_t most_portion_bytes = std::size_t{1} << 20U;
constexpr std::size_t most_named = 5;

// Rows that were handed out lately. A batch that was done again after a lost connection is in the file twice,
// and the two are near to each other.
class Recent {
  public:
    // False where it was there already.
    bool add(std::string identity) {
        if (!known_.insert(identity).second) return false;
        order_.push_back(std::move(identity));
        if (order_.size() > most) {
            known_.erase(order_.front());
            order_.pop_front();
        }
        return true;
    }

  private:
    static constexpr std::size_t most = 16'384;  // two batches of many keys
    std::unordered_set<std::string> known_;
    std::deque<std::string> order_;
};

}  // namespace

RestoreOperation::RestoreOperation(Session& session, operation::UndoReader reader, OnChange on_change)
    : session_(session),
      reader_(std::move(reader)),
      on_change_(on_change),
      restored_key_(session.keys().prefix() + "tti:restored") {}

void RestoreOperation::Counts::add(const std::vector<Found>& found) {
    for (const auto one : found) {
        ++(one == Found::missing ? missing : one == Found::identical ? identical : changed);
    }
}

void RestoreOperation::each_portion(const std::function<void(std::span<const UndoneRow>)>& work) {
    Recent recent;
    std::vector<UndoneRow> portion;
    std::size_t bytes = 0;
    const auto flush = [&] {
        if (!portion.empty()) work(portion);
        portion.clear();
        bytes = 0;
    };
    std::string line;
    for (auto left = reader_.batches().size(); left > 0; --left) {
        reader_.go_to(reader_.batches()[left - 1]);
        while (!reader_.next_section().is_null()) {
            for (line.clear(); reader_.next_row(line); line.clear()) {
                auto row = parse_undone_row(line);
                if (!row) {
                    throw UsageError(
                        fmt::format("the undo file holds {}", row.error()),
                        "The file was changed or damaged; nothing more of it can be brought back.");
                }
                if (!recent.add(row->identity())) continue;
                bytes += row->bytes();
                portion.push_back(std::move(*row));
                if (portion.size() >= most_rows || bytes >= most_portion_bytes) flush();
            }
        }
        flush();
    }
}

operation::Plan RestoreOperation::plan() {
    operation::Plan plan{
        .title = fmt::format("restore what {} removed", reader_.about().value("command", "a command"))};
    count();
    plan.notes = reader_.notes();
    if (planned_.identical > 0) {
        plan.notes.push_back(fmt::format("{} rows are there as they were.", planned_.identical));
    }
    if (planned_.changed > 0) {
        const auto changed = fmt::format("{} of the file's rows have another value by now, such as {}",
                                         planned_.changed, fmt::join(changed_keys_, ", "));
        if (on_change_ == OnChange::refuse) {
            plan.refusals.push_back(changed);
            plan.refusal_hint = "Leave those with --keep-changed, or replace them with --overwrite.";
        } else if (on_change_ == OnChange::keep) {
            plan.notes.push_back(changed + "; they stay as they are.");
        } else {
            plan.confirmation = changed + "; they will be replaced for good";
        }
    }
    const bool replaces = on_change_ == OnChange::replace && planned_.changed > 0;
    if (planned_.missing > 0 || replaces) plan.steps.push_back(step());
    return plan;
}

void RestoreOperation::count() {
    planned_ = {};
    changed_keys_.clear();
    each_portion([this](std::span<const UndoneRow> rows) {
        std::vector<Found> found;
        session_.connection().repeat([&] { found = look_up(session_.connection(), rows, restored_key_); });
        planned_.add(found);
        for (std::size_t index = 0; index < rows.size() && changed_keys_.size() < most_named; ++index) {
            if (found[index] == Found::changed) changed_keys_.push_back(rows[index].key);
        }
    });
}

operation::Step RestoreOperation::step() {
    operation::Step step{
        .name = "restore",
        .what = fmt::format("bring back {} rows of {} batches", planned_.missing, reader_.batches().size()),
        .why = "they are missing",
        .touches = {{"rows", planned_.missing}},
        .lock = operation::Lock::rows};
    if (on_change_ == OnChange::replace && planned_.changed > 0) {
        add(step.touches, "rows replaced", planned_.changed);
        step.destroys = true;
    }
    step.run = [this](operation::StepContext& context) { run(context); };
    return step;
}

std::vector<Found> RestoreOperation::bring_back_portion(std::span<const UndoneRow> rows) {
    constexpr int tries = 20;
    constexpr std::chrono::milliseconds between_tries{50};
    for (int attempt = 0; attempt < tries; ++attempt) {
        std::vector<Found> found;
        bool done = false;
        session_.require_lock();
        session_.connection().repeat(
            [&] { done = bring_back(session_.connection(), rows, restored_key_, on_change_, found); });
        if (done) return found;
        postgres::pause(session_.context().stop, between_tries);
    }
    throw RefusedError(fmt::format("key {} or one near it is written to again and again", rows[0].key),
                       "Stop what writes to it, then give the same command: it continues with what is left.");
}

void RestoreOperation::run(operation::StepContext& context) {
    done_ = {};
    std::int64_t seen = 0;
    const auto total = planned_.missing + planned_.identical + planned_.changed;
    each_portion([&](std::span<const UndoneRow> rows) {
        const auto found = bring_back_portion(rows);
        Counts counts;
        counts.add(found);
        if (on_change_ == OnChange::refuse && counts.changed > 0) {
            throw RefusedError("what was missing when this began has another value by now",
                               "Leave such values with --keep-changed, or replace them with --overwrite.");
        }
        done_.add(found);
        context.count("rows", counts.missing);
        if (on_change_ == OnChange::replace) context.count("rows replaced", counts.changed);
        seen += static_cast<std::int64_t>(rows.size());
        session_.pace().spent(rows.size());
        context.progress("rows", seen, total);
        context.safe_point();
    });
}

std::string RestoreOperation::result_text() {
    if (done_.missing + done_.identical + done_.changed == 0) {
        return planned_.changed > 0 ? "nothing to do: nothing is missing, and what has changed stays"
                                    : "nothing to do: everything is there";
    }
    auto text = fmt::format("{} rows brought back", done_.missing);
    if (done_.identical > 0) text += fmt::format("\n  there already: {}", done_.identical);
    if (done_.changed > 0) {
        text += fmt::format("\n  {}: {}", on_change_ == OnChange::replace ? "replaced" : "changed and left",
                            done_.changed);
    }
    return text;
}

nlohmann::json RestoreOperation::result_data() {
    const auto& counts = done_.missing + done_.identical + done_.changed > 0 ? done_ : planned_;
    return {{"restored", done_.missing},
            {"there_already", counts.identical},
            {"replaced", on_change_ == OnChange::replace ? done_.changed : 0},
            {"changed", counts.changed}};
}

}  // namespace tti::key_space
