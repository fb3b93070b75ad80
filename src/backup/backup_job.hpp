#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "backup/archive.hpp"
#include "backup/components.hpp"
#include "cli/context.hpp"
#include "identity_server/session.hpp"
#include "operation/plan.hpp"

namespace tti::backup {

// What the parts of one backup share: the place that it goes to, what is left out of it, and the manifest
// that they fill. Context and place outlive it.
class BackupJob {
  public:
    BackupJob(cli::Context& context, Place& place, std::optional<Secret> secret);

    [[nodiscard]] cli::Context& context() const { return context_; }
    [[nodiscard]] Place& place() const { return place_; }
    [[nodiscard]] bool encrypts() const { return secret_.has_value(); }
    [[nodiscard]] Manifest& manifest() { return manifest_; }

    [[nodiscard]] const std::vector<Component>& components() const { return components_; }
    [[nodiscard]] bool wants(std::string_view component) const { return !left_out_.contains(component); }
    void leave_out(const std::string& component) { left_out_.insert(component); }
    [[nodiscard]] const std::set<std::string, std::less<>>& left_out() const { return left_out_; }
    // The database of the Identity Server, opened when it is first asked for.
    identity_server::Session& session();

    // A file of the archive, as ArchiveWriter::add(); the first makes the place this backup's.
    void add_file(const std::string& name, const std::function<void(Sink&)>& write);
    void finish() { writer().finish(manifest_); }
    [[nodiscard]] std::int64_t bytes() const { return bytes_; }  // of all files so far, as they lie there

    // What is not whole would be declared whole.
    static void refuse_half_restored(operation::Plan& plan, std::string reason);

  private:
    ArchiveWriter& writer();

    cli::Context& context_;
    Place& place_;
    std::optional<Secret> secret_;
    std::set<std::string, std::less<>> left_out_;
    std::vector<Component> components_;
    std::optional<identity_server::Session> session_;
    std::optional<ArchiveWriter> writer_;
    Manifest manifest_;
    std::int64_t bytes_ = 0;
};

}  // namespace tti::backup
