#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "key_space/session.hpp"
#include "lorawan/keys.hpp"
#include "operation/operation.hpp"

namespace tti::key_space {

// What --force and --skip-broken say.
struct MigrationChoice {
    bool force = false;        // look at the records although the version is recorded
    bool skip_broken = false;  // record the version although some records are of no use
};
// Both, and the options of bulk work. `record`: "record", `broken`: "records cannot be read".
std::vector<settings::Option> migration_options(const std::string& record, const std::string& broken);
MigrationChoice migration_choice(const settings::Values& values);

// A migration of records whose schema version is recorded at a key once none of them has failed.
class RecordMigration : public operation::Operation {
  public:
    // Throws DueError where somebody removed the version meanwhile.
    void verify() override;

  protected:
    RecordMigration(Session& session, lorawan::KeyKind version_kind, operation::Area area,
                    MigrationChoice choice)
        : session_(session), version_kind_(version_kind), area_(area), choice_(choice) {}

    // Reads the version, first of all; then whether there are records to look at. Throws NewerDatabaseError.
    bool has_work();
    [[nodiscard]] bool is_recorded() const;
    // The step that ends every plan which has one due.
    void plan_version(operation::Plan& plan);
    // Whether the version would be recorded although something is of no use.
    [[nodiscard]] bool leaves_broken(std::int64_t broken) const;

    [[nodiscard]] Session& session() { return session_; }
    [[nodiscard]] const MigrationChoice& choice() const { return choice_; }

  private:
    Session& session_;
    lorawan::KeyKind version_kind_;
    operation::Area area_;
    MigrationChoice choice_;
    std::int32_t version_ = 0;
};

}  // namespace tti::key_space
