#pragma once

#include <optional>
#include <string>

#include "cli/context.hpp"
#include "operation/area.hpp"
#include "operation/dry_run.hpp"
#include "operation/operation.hpp"
#include "operation/postgres_journal.hpp"
#include "operation/postgres_run_lock.hpp"
#include "operation/runner.hpp"
#include "postgres/connection.hpp"
#include "util/late_stop.hpp"

namespace tti::database {

// Takes the operations of one writing command through the runner, with run lock and journal in the database
// that they change. Honours --dry-run, --yes and --wait.
class Writer {
  public:
    // Connects for the lock, unless it is a dry run. `setting` is where the address comes from.
    Writer(cli::Context& context, const postgres::Uri& uri, operation::Area area, std::string setting);

    [[nodiscard]] bool dry_run() const { return options_.dry_run; }
    // Takes the run lock now; each run takes it again, which a session lock counts.
    void lock();
    void run(operation::Operation& operation);

  private:
    // Stopped later than the work by Ctrl-C, so that the journal can say that the run was.
    struct Control {
        Control(cli::Context& context, const postgres::Uri& uri, operation::Area area, std::string setting);
        util::LateStop late;
        postgres::Connection connection;
        operation::PostgresRunLock lock;
        operation::PostgresJournal journal;
    };
    operation::Parts parts();

    cli::Context& context_;
    operation::RunOptions options_;
    std::optional<Control> control_;
    operation::NoLock no_lock_;
    operation::NoJournal no_journal_;
};

}  // namespace tti::database
