#include "backup/register_restore.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "identity_server/register.hpp"

namespace tti::backup {
namespace {

constexpr std::size_t most_register_bytes = std::size_t{64} << 20U;

}  // namespace

RegisterRows RegisterRestore::read_wanted() const {
    RegisterRows rows;
    job_.archive().read(job_.manifest().tenant_register->file, [&rows](Source& source) {
        rows = parse_register(read_all(source, most_register_bytes));
    });
    const auto& tenant_id = job_.wanted().tenant_id;
    if (tenant_id.empty()) return rows;
    rows.clients.clear();
    std::erase_if(rows.tenants, [&](const auto& row) { return row.at("tenant_id") != tenant_id; });
    return rows;
}

void RegisterRestore::plan(operation::Plan& plan) {
    rows_ = read_wanted();
    if (rows_.empty()) return;
    const auto comparison = compare_register(job_.session().connection(), rows_);
    const bool differs = !comparison.other.empty();
    if (comparison.missing == 0 && !differs) return;
    if (differs && !job_.wanted().replace) {
        return RestoreJob::refuse_without_replace(
            plan,
            fmt::format("the register there has other values of {}", fmt::join(comparison.other, ", ")));
    }
    if (differs) job_.will_be_lost(fmt::format("{} rows of the register", comparison.other.size()));
    job_.concern(identity_server_of(job_.components()));
    job_.need(job_.manifest().tenant_register->file);
    plan.steps.push_back(
        {.name = "register",
         .what = "write the register of tenants",
         .why = fmt::format("{} rows are missing", comparison.missing),
         .touches = {{"tenants", static_cast<std::int64_t>(rows_.tenants.size())},
                     {"clients of all tenants", static_cast<std::int64_t>(rows_.clients.size())}},
         .lock = operation::Lock::rows,
         .destroys = differs,
         .run = [this](operation::StepContext& context) { write(context); }});
}

void RegisterRestore::write(operation::StepContext& context) {
    auto connection = job_.open_writing(identity_server_of(job_.components()));
    identity_server::create_register(connection);
    write_register(connection, rows_);
    context.count("tenants", static_cast<std::int64_t>(rows_.tenants.size()));
}

}  // namespace tti::backup
