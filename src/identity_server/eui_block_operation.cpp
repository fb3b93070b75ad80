#include "identity_server/eui_block_operation.hpp"

#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "identity_server/command_parts.hpp"
#include "identity_server/row_change.hpp"

namespace tti::identity_server {
namespace {

constexpr const char* dev_eui = "dev_eui";

EuiBlock block_from(const postgres::Result& rows, int row) {
    EuiBlock block{0, rows.integer(row, 1), rows.integer(row, 2)};
    const auto text = rows.text(row, 0);
    std::from_chars(text.data(), text.data() + text.size(), block.start, 16);
    return block;
}

void require_same(const EuiBlock& stored, const EuiBlockRequest& request, const Tenant& tenant) {
    const EuiBlock& wanted = request.block;
    if (stored.end_counter != wanted.end_counter || stored.current_counter < wanted.current_counter) {
        throw RefusedError(fmt::format("{} has a block that starts at {} already, with other values: it ends "
                                       "at counter {} and is at {}, not {} and {}",
                                       describe(tenant), format_eui(wanted.start), stored.end_counter,
                                       stored.current_counter, wanted.end_counter, wanted.current_counter),
                           "Give the values of the block that is there, or another prefix.");
    }
}

void require_apart(const EuiBlock& stored, const EuiBlockRequest& request, const Tenant& tenant) {
    // The stack itself writes an end of -1 for a prefix of length 0; it issues nothing from that.
    if (stored.end_counter >= 0 && stored.overlaps(request.block)) {
        throw RefusedError(
            fmt::format("the block {} overlaps the one of {} that starts at {} and ends at counter {}",
                        request.prefix.text(), describe(tenant), format_eui(stored.start),
                        stored.end_counter),
            "Two blocks with the same EUIs would issue them twice; give another prefix.");
    }
}

}  // namespace

EuiBlockOperation::EuiBlockOperation(Session& session, EuiBlockRequest request)
    : session_(session), request_(std::move(request)), tenant_(session.tenant(request_.tenant_id)) {}

bool EuiBlockOperation::exists() {
    const auto rows = session_.connection().query(
        fmt::format(
            "SELECT start_eui, end_counter, current_counter FROM {} WHERE type = $1 ORDER BY created_at",
            qualified(tenant_, "eui_blocks")),
        {dev_eui});
    bool found = false;
    for (int row = 0; row < rows.rows(); ++row) {
        const EuiBlock stored = block_from(rows, row);
        if (stored.start == request_.block.start) {
            require_same(stored, request_, tenant_);
            found = true;
        } else {
            require_apart(stored, request_, tenant_);
        }
    }
    return found;
}

operation::Plan EuiBlockOperation::plan() {
    operation::Plan plan{
        .title = fmt::format("create DevEUI block {} of {}", request_.prefix.text(), describe(tenant_))};
    if (!exists()) {
        plan.steps.push_back(
            {.name = "create-eui-block",
             .what = fmt::format(
                 "add a block of DevEUIs from {} to {}", format_eui(request_.block.start),
                 format_eui(request_.block.start | static_cast<std::uint64_t>(request_.block.end_counter))),
             .why = "it does not exist yet",
             .touches = {{"EUI blocks", 1}},
             .lock = operation::Lock::rows,
             .undo = "delete its row in eui_blocks while no EUI was issued from it",
             .run = [this](operation::StepContext& context) { run(context); }});
    }
    return plan;
}

void EuiBlockOperation::run(operation::StepContext& context) {
    auto& connection = session_.connection();
    postgres::Transaction transaction(connection);
    // The table has no unique index; issuing, which takes row locks, goes on meanwhile.
    connection.execute(
        fmt::format("LOCK TABLE {} IN SHARE UPDATE EXCLUSIVE MODE", qualified(tenant_, "eui_blocks")));
    if (exists()) {
        return;
    }
    RowChange row;
    row.set("type", dev_eui);
    row.set("start_eui", format_eui(request_.block.start));
    row.set("end_counter", std::to_string(request_.block.end_counter));
    row.set("current_counter", std::to_string(request_.block.current_counter));
    connection.query(row.insert(qualified(tenant_, "eui_blocks")));
    transaction.commit();
    action_ = "created";
    context.count("EUI blocks", 1);
}

std::string EuiBlockOperation::result_text() {
    return fmt::format("DevEUI block {} of {}: {}.", request_.prefix.text(), describe(tenant_),
                       action_ == "unchanged" ? "nothing to change" : action_);
}

nlohmann::json EuiBlockOperation::result_data() {
    return {{"action", action_},
            {"tenant_id", tenant_.id},
            {"prefix", request_.prefix.text()},
            {"end_counter", request_.block.end_counter},
            {"init_counter", request_.block.current_counter}};
}

}  // namespace tti::identity_server
