#include "backup/register_backup.hpp"

#include "backup/tenant_register.hpp"

namespace tti::backup {

void RegisterBackup::plan(operation::Plan& plan) {
    auto& session = job_.session();
    if (!session.tenants().exists()) return;
    const auto rows = read_register(session.connection(), job_.manifest().tenant_id);
    if (rows.empty()) return;
    plan.steps.push_back(
        {.name = "register",
         .what = "write the register of tenants down",
         .why = "schema tti",
         .touches = {{"tenants", static_cast<std::int64_t>(rows.tenants.size())},
                     {"clients of all tenants", static_cast<std::int64_t>(rows.clients.size())}},
         .run = [this](operation::StepContext& context) { write(context); }});
}

void RegisterBackup::write(operation::StepContext& context) {
    const auto rows = read_register(job_.session().connection(), job_.manifest().tenant_id);
    const auto tenants = static_cast<std::int64_t>(rows.tenants.size());
    job_.add_file(register_name, [&rows](Sink& sink) { sink.write(register_text(rows)); });
    job_.manifest().tenant_register = {register_name, tenants,
                                       static_cast<std::int64_t>(rows.clients.size())};
    context.count("tenants", tenants);
}

}  // namespace tti::backup
