#include <fmt/format.h>

#include "database/restore_mark.hpp"
#include "doctor/check.hpp"

namespace tti::doctor {

Findings check_restores(PostgresDatabase& database) {
    Findings found;
    for (const auto& mark : database::restore_marks(database.connection)) {
        found.push_back({Severity::error,
                         fmt::format("What {} holds is not whole: {}.", operation::words(mark.area),
                                     database::describe(mark)),
                         fmt::format("tti.restores: archive {}", mark.archive_id),
                         command("tti-lw-stack " + mark.command, "It goes on where the restore ended.")});
    }
    return found;
}

}  // namespace tti::doctor
