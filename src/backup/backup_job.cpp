#include "backup/backup_job.hpp"

#include <fmt/format.h>

#include "backup/time_text.hpp"
#include "operation/journal.hpp"

namespace tti::backup {
namespace {

std::string told_of_this_run() {
    const auto identity = operation::current_identity("");
    return fmt::format("{} by {} on host {}, process {}", now_text(), identity.user, identity.host,
                       identity.pid);
}

}  // namespace

BackupJob::BackupJob(cli::Context& context, Place& place, std::optional<Secret> secret)
    : context_(context),
      place_(place),
      secret_(std::move(secret)),
      left_out_(backup::left_out(context.values)) {
    // They are shared by all tenants.
    if (!context.values.text("tenant-id").empty()) left_out_.insert({"storage", "noc"});
    components_ = backup::components(context.values, left_out_);
}

identity_server::Session& BackupJob::session() {
    if (!session_) session_.emplace(context_, identity_server::Access::read);
    return *session_;
}

ArchiveWriter& BackupJob::writer() {
    if (!writer_) {
        std::optional<ArchiveKey> key;
        if (secret_) key = ArchiveKey::create(*secret_);
        writer_.emplace(place_, std::move(key));
        writer_->begin(told_of_this_run());
    }
    return *writer_;
}

void BackupJob::add_file(const std::string& name, const std::function<void(Sink&)>& write) {
    bytes_ += writer().add(name, write);
}

void BackupJob::refuse_half_restored(operation::Plan& plan, std::string reason) {
    plan.refusals.push_back(std::move(reason));
    plan.refusal_hint =
        "Finish what was begun there: give the restore command again, or bring the tables with "
        "tti-lw-stack is-db migrate.";
}

}  // namespace tti::backup
