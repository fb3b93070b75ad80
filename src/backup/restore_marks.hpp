#pragma once

#include <string>
#include <vector>

#include "backup/components.hpp"
#include "backup/manifest.hpp"
#include "database/restore_mark.hpp"

namespace tti::backup {

// What one restore leaves in every database in PostgreSQL that it writes to, from before its first write
// until all of it is there.
class RestoreMarks {
  public:
    // `command_line` as typed, with the program. `whole`: nothing of the archive is left out, so what other
    // restores left is over.
    RestoreMarks(std::string archive_id, std::string tenant_id, const std::string& command_line, bool whole);

    // Those of this restore by an earlier run that are in one of the databases.
    [[nodiscard]] bool has(postgres::Connection& connection, operation::Area area) const;
    // Whether that run ended while it made this schema.
    [[nodiscard]] bool was_filling(postgres::Connection& connection, operation::Area area,
                                   const std::string& schema) const;

    // False where the role may not: then nothing is marked.
    bool set(postgres::Connection& connection, operation::Area area) const;
    // `schema` empty: it is whole.
    void fill(postgres::Connection& connection, operation::Area area, const std::string& schema) const;
    void remove(postgres::Connection& connection, operation::Area area) const;

  private:
    [[nodiscard]] database::RestoreMark mark(operation::Area area) const;

    std::string archive_id_, tenant_id_, command_;
    bool whole_;
};

}  // namespace tti::backup
