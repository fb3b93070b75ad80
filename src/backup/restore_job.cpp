#include "backup/restore_job.hpp"

#include <algorithm>

#include "postgres/capabilities.hpp"

namespace tti::backup {

RestoreJob::RestoreJob(cli::Context& context, ArchiveReader& archive, Wanted wanted,
                       std::vector<Component> components)
    : context_(context), archive_(archive), wanted_(std::move(wanted)), components_(std::move(components)) {}

bool RestoreJob::archive_has_tenant(std::string_view tenant_id) const {
    return tenant_id == manifest().default_tenant || tenant_id == manifest().tenant_id ||
           std::ranges::find(manifest().other_tenants, tenant_id) != manifest().other_tenants.end();
}

postgres::Connection& RestoreJob::reading(const Component& target) {
    auto& connection = reading_[target.uri.display()];
    if (!connection) {
        connection = std::make_unique<postgres::Connection>(
            target.uri,
            postgres::ConnectOptions{
                .context = target.name, .mode = postgres::Mode::read_only, .setting = target.setting},
            context_.stop);
    }
    return *connection;
}

identity_server::Session& RestoreJob::session() {
    if (!session_) session_.emplace(context_, identity_server::Access::read);
    return *session_;
}

void RestoreJob::close_readers() {
    reading_.clear();
    session_.reset();
}

postgres::Connection RestoreJob::open_writing(const Component& target) const {
    postgres::Connection connection(target.uri, {.context = target.name, .setting = target.setting},
                                    context_.stop);
    postgres::require_writable(postgres::ask_capabilities(connection, context_.stop), target.uri,
                               target.setting);
    return connection;
}

void RestoreJob::refuse_without_replace(operation::Plan& plan, std::string reason) {
    plan.refusals.push_back(std::move(reason));
    plan.refusal_hint =
        "Restore into empty databases, or replace what is there with --replace (add --dry-run to see what "
        "that is).";
}

void RestoreJob::concern(const Component& target) {
    if (std::ranges::find(concerned_, &target) == concerned_.end()) concerned_.push_back(&target);
}

}  // namespace tti::backup
