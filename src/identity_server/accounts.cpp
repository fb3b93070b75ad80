#include "identity_server/accounts.hpp"

#include <fmt/format.h>

#include "identity_server/command_parts.hpp"

namespace tti::identity_server {

std::string_view locking_clause(Locking locking) {
    return locking == Locking::none ? "" : " FOR UPDATE";
}

std::optional<Account> find_account(postgres::Connection& connection, const Tenant& tenant,
                                    const std::string& uid, Locking locking) {
    // The user may be marked as deleted without its account, when a run of the stack was cut off in between.
    const auto rows = connection.query(
        fmt::format(
            "SELECT a.id, a.account_type, a.account_id, a.deleted_at IS NOT NULL OR EXISTS (SELECT FROM {1} "
            "u "
            "WHERE u.id = a.account_id AND u.deleted_at IS NOT NULL), EXISTS (SELECT FROM {1} u WHERE u.id = "
            "a.account_id) FROM {0} a WHERE a.uid = $1{2}",
            qualified(tenant, "accounts"), qualified(tenant, "users"), locking_clause(locking)),
        {uid});
    if (rows.empty()) {
        return {};
    }
    return Account{std::string(rows.text(0, 0)), std::string(rows.text(0, 1)), std::string(rows.text(0, 2)),
                   rows.boolean(0, 3), rows.boolean(0, 4)};
}

void refuse_deleted(std::string_view kind, std::string_view what, const Tenant& tenant, std::string_view id) {
    throw RefusedError(
        fmt::format("{} {} of {} is deleted, and its ID stays taken until it is purged", what, id,
                    describe(tenant)),
        fmt::format(
            "Restore it with `ttn-lw-cli {} restore {}`, purge what was deleted with `tti-lw-stack is-db "
            "cleanup`, or use another ID.",
            kind, id));
}

void require_usable(const Account& account, const Tenant& tenant, const std::string& uid) {
    const bool is_user = account.type == "user";
    if (account.deleted) {
        refuse_deleted(is_user ? "users" : "organizations", is_user ? "user" : "organization", tenant, uid);
    }
    if (!is_user) {
        throw RefusedError(fmt::format("the ID {} belongs to an organization of {}", uid, describe(tenant)),
                           "Users and organizations share their IDs; use another one.");
    }
    if (!account.has_user) {
        throw RefusedError(fmt::format("the account {} of {} has no user behind it", uid, describe(tenant)),
                           "It is a left-over of an interrupted clean-up; use another ID.");
    }
}

Account require_user(postgres::Connection& connection, const Tenant& tenant, const std::string& uid,
                     Locking locking) {
    const auto account = find_account(connection, tenant, uid, locking);
    if (!account) {
        throw RefusedError(fmt::format("there is no user {} in {}", uid, describe(tenant)),
                           fmt::format("Create it in the Console, or an admin with `tti-lw-stack is-db "
                                       "create-admin-user --id={} --email=ADDRESS`.",
                                       uid));
    }
    require_usable(*account, tenant, uid);
    return *account;
}

}  // namespace tti::identity_server
