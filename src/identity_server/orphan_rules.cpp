#include "identity_server/orphan_rules.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "identity_server/purge_rules.hpp"

namespace tti::identity_server {
namespace {

using References = std::vector<OrphanReference>;

struct EntityType {
    const char* type;
    const char* table;
    const char* bookmark;        // how user_bookmarks writes the type
    const char* bookmark_match;  // and finds it by its textual ID
};
constexpr std::array entity_types{
    EntityType{"application", "applications", "application", "${owner}.application_id = ${row}.entity_id"},
    EntityType{"client", "clients", "client", "${owner}.client_id = ${row}.entity_id"},
    EntityType{"gateway", "gateways", "gateway", "${owner}.gateway_id = ${row}.entity_id"},
    EntityType{"organization", "organizations", "organization", ""},
    EntityType{"user", "users", "user", ""},
    EntityType{"end_device", "end_devices", "end device",
               "${owner}.application_id = split_part(${row}.entity_id, '.', 1)"
               " AND ${owner}.device_id = split_part(${row}.entity_id, '.', 2)"}};

OrphanReference by_id(const std::string& table, const std::string& column, const std::string& owner,
                      const std::string& when = "") {
    return {table, when, "${row}." + column, owner, "${owner}.id = ${row}." + column};
}

void append_entity_references(References& references, const std::string& table) {
    for (const auto& entity : entity_types) {
        const bool device_attribute = table == "attributes" && entity.type == std::string_view("end_device");
        references.push_back(
            by_id(table, "entity_id", entity.table,
                  fmt::format("${{row}}.entity_type = '{}'", device_attribute ? "device" : entity.type)));
    }
}

// The textual IDs of users and organizations are those of their accounts.
void append_bookmark_references(References& references) {
    references.push_back(
        {"user_bookmarks", "", "${row}.user_id", "accounts", "${owner}.uid = ${row}.user_id"});
    for (const auto& entity : entity_types) {
        const bool account = std::string_view(entity.bookmark_match).empty();
        references.push_back({"user_bookmarks", fmt::format("${{row}}.entity_type = '{}'", entity.bookmark),
                              "${row}.entity_id", account ? "accounts" : entity.table,
                              account ? "${owner}.uid = ${row}.entity_id" : entity.bookmark_match});
    }
}

void append_clearing(References& references, const std::string& table, const std::string& column,
                     const std::string& owner, const std::string& companion = "") {
    auto reference = by_id(table, column, owner);
    reference.clears.push_back({column, "NULL", "old_" + column});
    if (!companion.empty()) {
        reference.clears.push_back({companion, "''", "old_" + companion});
    }
    references.push_back(std::move(reference));
}

void append_clearings(References& references) {
    for (const char* table : {"applications", "clients", "gateways", "organizations"}) {
        append_clearing(references, table, "administrative_contact_id", "accounts");
        append_clearing(references, table, "technical_contact_id", "accounts");
    }
    append_clearing(references, "invitations", "accepted_by_id", "users");
    append_clearing(references, "notifications", "sender_id", "users", "sender_uid");
}

References make_references() {
    References references{
        by_id("accounts", "account_id", "users", "${row}.account_type = 'user'"),
        by_id("accounts", "account_id", "organizations", "${row}.account_type = 'organization'"),
        {"end_devices", "", "${row}.application_id", "applications",
         "${owner}.application_id = ${row}.application_id"},
        by_id("end_device_locations", "end_device_id", "end_devices"),
        by_id("gateway_antennas", "gateway_id", "gateways"),
        by_id("memberships", "account_id", "accounts")};
    for (const char* table : {"notifications", "api_keys", "memberships", "contact_infos",
                              "contact_info_validations", "attributes"}) {
        append_entity_references(references, table);
    }
    references.push_back(by_id("notification_receivers", "notification_id", "notifications"));
    references.push_back(by_id("notification_receivers", "receiver_id", "users"));
    for (const char* table : {"access_tokens", "authorization_codes", "client_authorizations"}) {
        references.push_back(by_id(table, "client_id", "clients"));
        references.push_back(by_id(table, "user_id", "users"));
    }
    references.push_back(by_id("user_sessions", "user_id", "users"));
    references.push_back(by_id("login_tokens", "user_id", "users"));
    references.push_back(by_id("email_validations", "user_uuid", "users"));
    append_bookmark_references(references);
    append_clearings(references);
    return references;
}

// Pictures are named by their owners instead of naming them.
constexpr std::string_view pictures = "pictures";

bool has_creation_time(std::string_view table) {
    return table != "attributes" && table != "contact_infos" && table != "notification_receivers";
}

std::string old_enough(std::string_view table, const std::string& alias, const std::string& threshold) {
    return has_creation_time(table) ? fmt::format("{}.created_at < {} AND ", alias, threshold) : "";
}

std::string applies(const OrphanReference& reference, const std::string& alias) {
    const auto when = reference.when.empty() ? "" : reference.when + " AND ";
    return expand(when + reference.column + " IS NOT NULL", {{"row", alias}});
}

constexpr std::array owners_with_owners{"accounts", "end_devices", "notifications"};

std::string set_name(std::string_view owner) {
    return fmt::format("orphaned_{}", owner);
}

std::string owner_is_orphan(const std::string& table, const std::string& alias, const OrphanTerms& terms) {
    if (std::ranges::find(owners_with_owners, std::string_view(table)) == owners_with_owners.end()) {
        return "";
    }
    return terms.named_sets ? fmt::format("{}.id IN (SELECT id FROM {})", alias, set_name(table))
                            : orphan_condition(table, alias, terms);
}

// An owner that is an orphan itself does not count.
std::string owner_is_missing(const OrphanReference& reference, const std::string& alias,
                             const OrphanTerms& terms) {
    const auto owner = "o" + alias;
    const auto itself = owner_is_orphan(reference.owner, owner, terms);
    return fmt::format("NOT EXISTS (SELECT 1 FROM {} {} WHERE {}{})", reference.owner, owner,
                       expand(reference.match, {{"row", alias}, {"owner", owner}}),
                       itself.empty() ? "" : fmt::format(" AND ({}) IS NOT TRUE", itself));
}

std::string orphan_picture(const std::string& alias, const OrphanTerms& terms) {
    return fmt::format(
        "{1} AND {2} AND NOT EXISTS (SELECT 1 FROM users pu WHERE pu.profile_picture_id = {0}.id)"
        " AND NOT EXISTS (SELECT 1 FROM end_devices pd WHERE pd.picture_id = {0}.id AND ({3}) IS NOT TRUE)",
        alias, orphan_guard("users", terms.threshold), orphan_guard("end_devices", terms.threshold),
        owner_is_orphan("end_devices", "pd", terms));
}

}  // namespace

std::span<const OrphanReference> orphan_references() {
    static const References references = make_references();
    return references;
}

std::vector<std::string> orphan_tables() {
    std::vector<std::string> tables;
    for (const auto& reference : orphan_references()) {
        if (reference.clears.empty() && std::ranges::find(tables, reference.table) == tables.end()) {
            tables.push_back(reference.table);
        }
    }
    tables.emplace_back(pictures);
    return tables;
}

std::vector<const OrphanReference*> orphan_clearings() {
    std::vector<const OrphanReference*> clearings;
    for (const auto& reference : orphan_references()) {
        if (!reference.clears.empty()) {
            clearings.push_back(&reference);
        }
    }
    return clearings;
}

std::string orphan_condition(std::string_view table, const std::string& alias, const OrphanTerms& terms) {
    std::string any;
    for (const auto& reference : orphan_references()) {
        if (reference.table == table && reference.clears.empty()) {
            any += (any.empty() ? "" : " OR ") + orphan_condition(reference, alias, terms);
        }
    }
    if (table == pictures) {
        any = orphan_picture(alias, terms);
    }
    return any.empty() ? "" : fmt::format("{}({})", old_enough(table, alias, terms.threshold), any);
}

std::string orphan_condition(const OrphanReference& reference, const std::string& alias,
                             const OrphanTerms& terms) {
    return fmt::format("({} AND {} AND {})", applies(reference, alias),
                       orphan_guard(reference.owner, terms.threshold),
                       owner_is_missing(reference, alias, terms));
}

std::vector<IdSet> orphan_sets(const std::string& threshold) {
    std::vector<IdSet> sets;
    sets.reserve(owners_with_owners.size());
    for (const char* owner : owners_with_owners) {
        sets.push_back(
            {set_name(owner), fmt::format("SELECT d.id FROM {} d WHERE {}", owner,
                                          orphan_condition(owner, "d", OrphanTerms{threshold, true}))});
    }
    return sets;
}

std::vector<std::string> orphan_owners() {
    std::set<std::string> owners;
    for (const auto& reference : orphan_references()) {
        owners.insert(reference.owner);
    }
    return {owners.begin(), owners.end()};
}

std::string orphan_guard(std::string_view owner, const std::string& threshold) {
    if (owner == "notifications") {
        return "EXISTS (SELECT 1 FROM notifications)";
    }
    if (owner == "end_devices") {
        return fmt::format(
            "EXISTS (SELECT 1 FROM end_devices g JOIN applications ga ON ga.application_id = g.application_id"
            " WHERE (ga.deleted_at < {}) IS NOT TRUE)",
            threshold);
    }
    return fmt::format("EXISTS (SELECT 1 FROM {} g WHERE (g.deleted_at < {}) IS NOT TRUE)", owner, threshold);
}

std::string orphans_left_alone(std::string_view owner, const std::string& threshold) {
    std::string selects;
    for (const auto& reference : orphan_references()) {
        if (reference.owner != owner || !reference.clears.empty()) {
            continue;
        }
        selects += fmt::format("{}SELECT '{}' AS name FROM {} d WHERE {}{} AND {}",
                               selects.empty() ? "" : " UNION ALL ", reference.table, reference.table,
                               old_enough(reference.table, "d", threshold), applies(reference, "d"),
                               owner_is_missing(reference, "d", OrphanTerms{threshold}));
    }
    return fmt::format("SELECT name, count(*) FROM ({}) x GROUP BY 1 ORDER BY 1", selects);
}

}  // namespace tti::identity_server
