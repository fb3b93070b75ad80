#include "key_space/history.hpp"

#include "cli/history.hpp"
#include "key_space/session.hpp"
#include "operation/redis_journal.hpp"

namespace tti::key_space {

cli::Command history_command(operation::Area area, const std::string& group) {
    const auto read = [area](cli::Context& context, int limit) {
        std::vector<operation::JournalRecord> records;
        run_reading(context, area, [&](Session& session) {
            session.connection().repeat([&] {
                records =
                    operation::read_redis_journal(session.connection(), session.keys().prefix(), area, limit);
            });
            return ExitCode::done;
        });
        return records;
    };
    return cli::history_command(area, group, with_redis_settings(), read, tenant_options());
}

}  // namespace tti::key_space
