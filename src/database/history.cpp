#include "database/history.hpp"

#include "cli/history.hpp"
#include "operation/postgres_journal.hpp"

namespace tti::database {

cli::Command history_command(operation::Area area, const std::string& group,
                             std::vector<std::string> settings, Open open) {
    return cli::history_command(area, group, std::move(settings),
                                [area, open = std::move(open)](cli::Context& context, int limit) {
                                    std::vector<operation::JournalRecord> records;
                                    open(context, [&](postgres::Connection& connection) {
                                        records = operation::read_journal(connection, area, limit);
                                        return ExitCode::done;
                                    });
                                    return records;
                                });
}

}  // namespace tti::database
