#pragma once

#include <map>
#include <string>
#include <vector>

#include "identity_server/purge_rules.hpp"
#include "identity_server/tenant.hpp"
#include "operation/amount.hpp"
#include "operation/undo_file.hpp"
#include "postgres/connection.hpp"

namespace tti::identity_server {

// What one batch came to, by table or "TABLE.COLUMN cleared".
struct RestoredBatch {
    operation::Amounts restored;
    operation::Amounts refused;      // their entity's ID, or another unique value, is taken
    std::vector<std::string> taken;  // "applications weather"
};

// Brings a batch back within the caller's transaction. Its rows are loaded into temporary tables that bear
// the names of the tables, so that the rules of the purge find among them what depends on an entity that
// cannot come back.
RestoredBatch restore_batch(postgres::Connection& connection, const Tenant& tenant,
                            operation::UndoReader& reader, const operation::UndoBatch& batch);

}  // namespace tti::identity_server
