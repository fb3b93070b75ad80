#pragma once

#include <string>

#include "backup/programs.hpp"
#include "backup/stream.hpp"
#include "postgres/uri.hpp"
#include "settings/resolve.hpp"
#include "util/stop.hpp"

namespace tti::backup {

// Where PostgreSQL's own programs are to work.
struct ProgramTarget {
    const postgres::Uri& uri;
    const settings::Surroundings& surroundings;
    util::Stop& stop;
};

// pg_dump of one schema as of an exported snapshot, in its custom format, into the sink. Throws Error with
// what it said.
void dump_schema(const PostgresProgram& pg_dump, const ProgramTarget& target, const std::string& schema,
                 const std::string& snapshot, Sink& to);

// pg_restore of such a dump into a schema that is there and empty, as one transaction: all of it or nothing.
// What is in it belongs to who restores it. Throws Error with what it said.
void restore_schema(const PostgresProgram& pg_restore, const ProgramTarget& target, const std::string& schema,
                    Source& from);

}  // namespace tti::backup
