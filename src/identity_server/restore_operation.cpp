#include "identity_server/restore_operation.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "identity_server/restore_batch.hpp"
#include "identity_server/schema_state.hpp"
#include "operation/failure_point.hpp"

namespace tti::identity_server {
namespace {

void add_all(operation::Amounts& to, const operation::Amounts& from) {
    for (const auto& amount : from) {
        add(to, amount.what, amount.number);
    }
}

std::int64_t number_of(const operation::Amounts& amounts, const std::string& what) {
    const auto found = std::ranges::find(amounts, what, &operation::Amount::what);
    return found == amounts.end() ? 0 : found->number;
}

nlohmann::json data_of(const operation::Amounts& amounts) {
    auto data = nlohmann::json::object();
    for (const auto& amount : amounts) {
        data[amount.what] = amount.number;
    }
    return data;
}

}  // namespace

operation::Plan RestoreOperation::plan() {
    operation::Plan plan{.title = fmt::format("restore what a cleanup deleted of tenant {}", tenant_.id)};
    in_file_.clear();
    const auto state = read_states(session_.connection(), {tenant_}).at(tenant_.schema);
    require_known(tenant_, state);
    require_up_to_date(tenant_, state);
    for (const auto& batch : reader_.batches()) {
        add_all(in_file_, batch.rows);
    }
    plan.notes = reader_.notes();
    if (!in_file_.empty()) {
        plan.notes.emplace_back(
            "Rows that are there already stay as they are; entities come back as deleted, as they were.");
        plan.steps.push_back(step());
    }
    return plan;
}

operation::Step RestoreOperation::step() {
    operation::Step step{
        .name = "restore",
        .what = fmt::format("insert the rows of {} batches where they are missing", reader_.batches().size()),
        .why = "asked for",
        .touches = in_file_,
        .lock = operation::Lock::rows,
        .undo = "is-db cleanup"};
    step.group = tenant_.id;
    step.run = [this](operation::StepContext& context) { run(context); };
    return step;
}

// The last batch first: what a later one deleted may be what an earlier one's cleared reference stands in.
void RestoreOperation::run(operation::StepContext& context) {
    auto& connection = session_.connection();
    session_.use(tenant_);
    connection.execute("SET DateStyle TO 'ISO'; SET TimeZone TO 'UTC'");
    const auto total = static_cast<std::int64_t>(reader_.batches().size());
    for (auto left = total; left > 0; --left) {
        const auto& batch = reader_.batches().at(static_cast<std::size_t>(left - 1));
        postgres::Transaction transaction(connection);
        const auto done = restore_batch(connection, tenant_, reader_, batch);
        operation::failure_point("before restore commit");
        transaction.commit();
        for (const auto& amount : done.restored) {
            context.count(amount.what, amount.number);
        }
        add_all(restored_, done.restored);
        add_all(refused_, done.refused);
        taken_.insert(taken_.end(), done.taken.begin(), done.taken.end());
        context.progress("batches", total - left + 1, total);
        context.safe_point();
    }
    for (const auto& amount : in_file_) {
        const auto there =
            amount.number - number_of(restored_, amount.what) - number_of(refused_, amount.what);
        if (there > 0) {
            add(there_, amount.what, there);
        }
    }
}

std::string RestoreOperation::result_text() {
    if (in_file_.empty()) {
        return "nothing to do: the file holds no rows";
    }
    auto text = restored_.empty() ? fmt::format("tenant {}: nothing was missing", tenant_.id)
                                  : fmt::format("tenant {}: restored {}", tenant_.id, describe(restored_));
    if (!there_.empty()) {
        text += fmt::format("\n  there already, or changed since: {}", describe(there_));
    }
    if (!taken_.empty()) {
        constexpr std::size_t most = 20;
        text += fmt::format("\n  not restored, because the ID or EUI is taken: {} ({} in all)",
                            describe(refused_), taken_.size());
        for (std::size_t number = 0; number < std::min(most, taken_.size()); ++number) {
            text += "\n    " + taken_[number];
        }
    }
    return text;
}

nlohmann::json RestoreOperation::result_data() {
    return {{"tenant_id", tenant_.id},
            {"restored", data_of(restored_)},
            {"there_already", data_of(there_)},
            {"not_restored", data_of(refused_)},
            {"taken", taken_}};
}

}  // namespace tti::identity_server
