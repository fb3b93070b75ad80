#pragma once

#include <string>
#include <vector>

#include "operation/area.hpp"
#include "operation/condition.hpp"
#include "postgres/connection.hpp"

namespace tti::database {

// A restore of an archive that was begun in a database and has not ended: table tti.restores, which is there
// only as long as there is one.
struct RestoreMark {
    operation::Area area = operation::Area::identity_server;
    std::string archive_id;
    std::string tenant_id;  // the only one that is restored; empty: all
    std::string command;    // as typed, without the program and secrets
    std::string begun_at = {};
    std::string filling = {};  // the schema that is being made in several transactions
};

std::vector<RestoreMark> restore_marks(postgres::Connection& connection);
// "a restore, begun at …, has not ended"
std::string describe(const RestoreMark& mark);

// One that is there already keeps its begin and what it fills.
void set_restore_mark(postgres::Connection& connection, const RestoreMark& mark);
// Without effect where there is no mark.
void set_filling(postgres::Connection& connection, const RestoreMark& mark, const std::string& schema);
// Takes it away; `all`: those of other archives in that area too.
void remove_restore_mark(postgres::Connection& connection, const RestoreMark& mark, bool all);

// Puts restores of that area which have not ended among the troubles, and the command that goes on in front.
void tell_restores(postgres::Connection& connection, operation::Area area, operation::Condition& condition);

}  // namespace tti::database
