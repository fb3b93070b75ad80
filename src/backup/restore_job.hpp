#pragma once

#include <map>
#include <memory>
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

// What of an archive is to be brought back.
struct Wanted {
    std::string tenant_id;  // empty: all of it; never so for an archive of one
    bool replace = false;   // what is there and differs goes
    std::set<std::string, std::less<>> without;
};

// What the parts of one restore share: the archive, what of it is wanted, the databases that it goes to, and
// what planning has found in them. Context and archive outlive it.
class RestoreJob {
  public:
    // `components`: what of PostgreSQL is concerned.
    RestoreJob(cli::Context& context, ArchiveReader& archive, Wanted wanted,
               std::vector<Component> components);

    [[nodiscard]] cli::Context& context() const { return context_; }
    [[nodiscard]] ArchiveReader& archive() const { return archive_; }
    [[nodiscard]] const Manifest& manifest() const { return archive_.manifest(); }
    [[nodiscard]] const Wanted& wanted() const { return wanted_; }
    [[nodiscard]] const std::vector<Component>& components() const { return components_; }
    [[nodiscard]] bool archive_has_tenant(std::string_view tenant_id) const;

    // Read-only, one for an address; they and the session last until close_readers().
    postgres::Connection& reading(const Component& target);
    identity_server::Session& session();
    void close_readers();
    // Throws where the server takes no writes.
    [[nodiscard]] postgres::Connection open_writing(const Component& target) const;

    // What --replace would allow.
    static void refuse_without_replace(operation::Plan& plan, std::string reason);
    void will_be_lost(const std::string& what) { lost_ += (lost_.empty() ? "" : ", ") + what; }
    [[nodiscard]] const std::string& lost() const { return lost_; }  // listed with commas
    void need(const std::string& file) { needed_files_.push_back(manifest().file(file)); }
    [[nodiscard]] const std::vector<const FileEntry*>& needed_files() const { return needed_files_; }
    // A database in PostgreSQL that it writes to, once.
    void concern(const Component& target);
    [[nodiscard]] const std::vector<const Component*>& concerned() const { return concerned_; }
    void note_there_already() { ++there_already_; }
    [[nodiscard]] std::int64_t there_already() const { return there_already_; }

  private:
    cli::Context& context_;
    ArchiveReader& archive_;
    Wanted wanted_;
    std::vector<Component> components_;
    std::map<std::string, std::unique_ptr<postgres::Connection>> reading_;  // by address
    std::optional<identity_server::Session> session_;
    std::vector<const FileEntry*> needed_files_;
    std::vector<const Component*> concerned_;
    std::string lost_;
    std::int64_t there_already_ = 0;
};

}  // namespace tti::backup
