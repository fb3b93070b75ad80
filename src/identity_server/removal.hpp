#pragma once

#include <functional>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

#include "identity_server/purge_rules.hpp"
#include "operation/amount.hpp"
#include "operation/undo_file.hpp"
#include "postgres/connection.hpp"

namespace tti::identity_server {

// A reference that goes while its row stays.
struct Clearing {
    std::string table;
    std::vector<ClearedColumn> columns;  // the reference first, then what repeats it
    std::string alias;                   // of what holds the old values
    std::string restored_with;  // "accounts.id": what must be there for it to come back; empty: nothing

    [[nodiscard]] std::string counted_as() const;  // "gateways.technical_contact_id cleared"
};

// Deletes rows of the current schema in one transaction, and writes the very rows that it deleted to the undo
// file: DELETE … RETURNING, so that none slips in between.
class Removal {
  public:
    // Without `undo` nothing is kept.
    Removal(postgres::Connection& connection, operation::UndoWriter* undo)
        : connection_(connection), undo_(undo) {}

    // `rest` is what follows "DELETE FROM table d ", or "UPDATE table d SET … ".
    void remove(const std::string& table, const std::string& rest);
    void clear(const Clearing& clearing, const std::string& rest);
    // Rows by table, and "TABLE.COLUMN cleared".
    [[nodiscard]] const operation::Amounts& counts() const { return counts_; }

  private:
    void count(const std::string& what, std::int64_t number);

    postgres::Connection& connection_;
    operation::UndoWriter* undo_;
    operation::Amounts counts_;
};

// One transaction with its batch in the undo file, again from its start after a deadlock with the stack.
// Returns what is gone for good.
operation::Amounts remove_batch(postgres::Connection& connection, operation::UndoWriter* undo,
                                const nlohmann::json& about, const std::function<void(Removal&)>& body);

}  // namespace tti::identity_server
