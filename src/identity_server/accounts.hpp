#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "identity_server/tenant.hpp"
#include "postgres/connection.hpp"
#include "util/error.hpp"

namespace tti::identity_server {

enum class Locking {
    none,
    for_update,  // rows that are read stay locked until the transaction's end
};
std::string_view locking_clause(Locking locking);

// The account behind the ID of a user or an organization; both share one name space.
struct Account {
    std::string id;         // accounts.id, what memberships refer to
    std::string type;       // "user", "organization"
    std::string entity_id;  // users.id, organizations.id
    bool deleted = false;   // softly: the ID stays taken
    bool has_user = false;  // the users row is there
};

std::optional<Account> find_account(postgres::Connection& connection, const Tenant& tenant,
                                    const std::string& uid, Locking locking);

// Throws RefusedError, saying what to do, when the ID belongs to an organization or to somebody deleted.
void require_usable(const Account& account, const Tenant& tenant, const std::string& uid);
// The account of a user that exists; throws RefusedError otherwise.
Account require_user(postgres::Connection& connection, const Tenant& tenant, const std::string& uid,
                     Locking locking);

// A soft-deleted row keeps its ID; `kind` is the word of the stack's CLI, such as "users".
[[noreturn]] void refuse_deleted(std::string_view kind, std::string_view what, const Tenant& tenant,
                                 std::string_view id);

}  // namespace tti::identity_server
