#pragma once

#include <set>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "operation/plan.hpp"
#include "stack/selection.hpp"

namespace tti::stack {

// One `GROUP migrate` that is due.
struct UpgradePart {
    std::string group;  // "ns-db"
    std::string
        tenant_id;  // of a name space of Redis; empty: the default tenant's, or a database of PostgreSQL
    operation::Plan plan;  // what its dry run showed; its steps cannot be run

    [[nodiscard]] std::string name() const;                    // "ns-db", "ns-db of tenant acme"
    [[nodiscard]] std::vector<std::string> arguments() const;  // {"ns-db", "migrate", "--tenant-id=acme"}
};

// All migrations that are due, in the order in which they run.
struct UpgradePlan {
    std::vector<UpgradePart> parts;            // those with steps
    operation::Plan shown;                     // the steps of all parts, for people and programs
    std::set<std::string> warnings;            // of planning; they were told
    std::vector<Selection::LeftOut> left_out;  // of the selection; and key spaces whose tenants are not known
};

// Plans by the dry runs of the commands, which write nothing. Throws an Error that names every database that
// cannot be planned, with the exit code of the first.
UpgradePlan plan_upgrade(cli::Context& context, const Selection& selection);

}  // namespace tti::stack
