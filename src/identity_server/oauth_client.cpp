#include "identity_server/oauth_client.hpp"

#include <fmt/format.h>

#include "identity_server/password_hash.hpp"

namespace tti::identity_server {
namespace {

constexpr const char* approved = "1";
constexpr const char* all_grants = "{0,2}";   // authorization code, refresh token
constexpr const char* all_rights = "{55}";    // RIGHT_ALL
constexpr const char* owner_rights = "{29}";  // RIGHT_CLIENT_ALL

std::string literal(bool value) {
    return value ? "true" : "false";
}

postgres::Parameter null_if_empty(const std::string& text) {
    return text.empty() ? postgres::Parameter{} : postgres::Parameter{text};
}

std::optional<ClientRow> read_client(postgres::Connection& connection, const std::string& table,
                                     std::string_view own, const std::string& client_id, Locking locking) {
    const auto rows = connection.query(
        fmt::format(
            "SELECT {}, name, client_secret, redirect_uris, logout_redirect_uris, state, skip_authorization, "
            "endorsed, grants, rights FROM {} WHERE client_id = $1{}",
            own, table, locking_clause(locking)),
        {client_id});
    if (rows.empty()) {
        return {};
    }
    return ClientRow{std::string(rows.text(0, 0)),
                     rows.boolean(0, 1),
                     std::string(rows.text(0, 2)),
                     rows.optional_text(0, 3),
                     rows.array(0, 4),
                     rows.array(0, 5),
                     std::string(rows.text(0, 6)),
                     rows.boolean(0, 7),
                     rows.boolean(0, 8),
                     std::string(rows.text(0, 9)),
                     std::string(rows.text(0, 10))};
}

void set_secret(ClientChange& change, const Secret& secret) {
    change.row.set("client_secret", hash_password(secret), "secret");
}

void set_generated(ClientChange& change, const Secret& generated) {
    set_secret(change, generated);
    change.shows_generated = true;
}

void add_secret_difference(ClientChange& change, const ClientRow& row, const ClientRequest& request,
                           const Secret& generated) {
    switch (request.secret_change) {
        case SecretChange::keep:
            return;
        case SecretChange::generate:
            return set_generated(change, generated);
        case SecretChange::none:
            if (row.secret) {
                change.row.set("client_secret", {}, "no secret");
            }
            return;
        case SecretChange::given:
            if (!row.secret || verify_password(request.secret, *row.secret) != true) {
                set_secret(change, request.secret);
            }
    }
}

}  // namespace

std::optional<ClientRow> read_tenant_client(postgres::Connection& connection, const Tenant& tenant,
                                            const std::string& client_id, Locking locking) {
    return read_client(connection, qualified(tenant, "clients"), "id, deleted_at IS NOT NULL", client_id,
                       locking);
}

std::optional<ClientRow> read_register_client(postgres::Connection& connection, const std::string& client_id,
                                              Locking locking) {
    return read_client(connection, "tti.clients", "'', false", client_id, locking);
}

ClientChange new_client(const ClientRequest& request, const Secret& generated) {
    ClientChange change;
    change.row.set("client_id", request.id);
    change.row.set("name", null_if_empty(request.name.value_or("")));
    change.row.set("redirect_uris",
                   postgres::array_literal(request.redirect_uris.value_or(std::vector<std::string>{})));
    change.row.set(
        "logout_redirect_uris",
        postgres::array_literal(request.logout_redirect_uris.value_or(std::vector<std::string>{})));
    change.row.set("state", approved);
    change.row.set("skip_authorization", literal(request.authorized.value_or(true)));
    change.row.set("endorsed", literal(request.endorsed.value_or(true)));
    change.row.set("grants", all_grants);
    change.row.set("rights", all_rights);
    if (request.secret_change == SecretChange::given) {
        set_secret(change, request.secret);
    } else if (request.secret_change != SecretChange::none) {
        set_generated(change, generated);
    }
    return change;
}

ClientChange client_difference(const ClientRow& row, const ClientRequest& request, const Secret& generated) {
    ClientChange change;
    const auto compare = [&](bool differs, const char* column, const char* word, postgres::Parameter value) {
        if (differs) {
            change.row.set(column, std::move(value), word);
        }
    };
    const auto list = [&](const auto& wanted, const auto& stored, const char* column, const char* word) {
        if (wanted) {
            compare(*wanted != stored, column, word, postgres::array_literal(*wanted));
        }
    };
    const auto flag = [&](const auto& wanted, bool stored, const char* column, const char* word) {
        compare(wanted && *wanted != stored, column, word, literal(wanted.value_or(false)));
    };
    compare(request.name && *request.name != row.name, "name", "name",
            null_if_empty(request.name.value_or("")));
    list(request.redirect_uris, row.redirect_uris, "redirect_uris", "redirect URIs");
    list(request.logout_redirect_uris, row.logout_redirect_uris, "logout_redirect_uris",
         "logout redirect URIs");
    compare(row.state != approved, "state", "state approved", approved);
    flag(request.authorized, row.skip_authorization, "skip_authorization", "authorized");
    flag(request.endorsed, row.endorsed, "endorsed", "endorsed");
    compare(row.grants != all_grants, "grants", "grants", all_grants);
    compare(row.rights != all_rights, "rights", "rights", all_rights);
    add_secret_difference(change, row, request, generated);
    return change;
}

bool owner_missing(postgres::Connection& connection, const Tenant& tenant, const Account& owner,
                   const std::string& client_row_id) {
    const auto rows = connection.query(fmt::format("SELECT coalesce(bool_and(rights = $3::integer[]), false) "
                                                   "FROM {} WHERE account_id = $1 AND entity_type = 'client' "
                                                   "AND entity_id = $2",
                                                   qualified(tenant, "memberships")),
                                       {owner.id, client_row_id, owner_rights});
    return !rows.boolean(0, 0);
}

void write_owner(postgres::Connection& connection, const Tenant& tenant, const Account& owner,
                 const std::string& client_row_id) {
    const auto updated =
        connection.query(fmt::format("UPDATE {} SET rights = $3::integer[], updated_at = now() WHERE "
                                     "account_id = $1 AND entity_type = 'client' AND "
                                     "entity_id = $2",
                                     qualified(tenant, "memberships")),
                         {owner.id, client_row_id, owner_rights});
    if (updated.affected() == 0) {
        RowChange membership;
        membership.set("account_id", owner.id);
        membership.set("entity_type", "client");
        membership.set("entity_id", client_row_id);
        membership.set("rights", owner_rights);
        connection.query(membership.insert(qualified(tenant, "memberships")));
    }
}

}  // namespace tti::identity_server
