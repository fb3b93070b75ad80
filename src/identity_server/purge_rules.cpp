#include "identity_server/purge_rules.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

namespace tti::identity_server {
namespace {

using Rules = std::vector<PurgeRule>;

void append(Rules& rules, Rules more) {
    rules.insert(rules.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// Tables that name their entity by type and row ID. The stack writes end devices as "device" in attributes
// alone.
Rules entity_rules(const std::string& set, const std::string& type) {
    Rules rules;
    for (const char* table :
         {"api_keys", "memberships", "contact_infos", "contact_info_validations", "attributes"}) {
        const bool device_attribute = type == "end_device" && table == std::string_view("attributes");
        rules.push_back({table, set, "entity_id", "id", device_attribute ? "device" : type});
    }
    return rules;
}

// Textual IDs; end devices are "end device" here.
PurgeRule bookmark_rule(const std::string& set, const std::string& type) {
    return {"user_bookmarks", set, "entity_id", "name", type};
}

Rules notification_rules() {
    return {{"notification_receivers", "notifications", "notification_id", "id"},
            {"notifications", "notifications", "id", "id"}};
}

std::string notification_select(const std::string& set, const std::string& type) {
    return fmt::format(
        "SELECT n.id FROM notifications n JOIN ${{{}}} x ON n.entity_type = '{}' AND n.entity_id = x.id", set,
        type);
}

Rules by_column(const std::string& column, std::initializer_list<const char*> tables) {
    Rules rules;
    for (const char* table : tables) {
        rules.push_back({table, "expired", column, "id"});
    }
    return rules;
}

PurgeRule own_row(const std::string& table) {
    return {table, "expired", "id", "id"};
}

PurgeRule account_row(const std::string& type) {
    return {"accounts", "expired", "account_id", "id", type};
}

Rules contact_rules() {
    Rules rules;
    for (const char* table : {"applications", "clients", "gateways", "organizations"}) {
        for (const char* column : {"administrative_contact_id", "technical_contact_id"}) {
            rules.push_back(
                {table, "expired", column, "account", "", {{column, "NULL", "account"}}, "accounts.id"});
        }
    }
    return rules;
}

std::string expired_with_account(const std::string& table, const std::string& type) {
    return fmt::format(
        "SELECT e.id, a.uid AS name, a.id AS account FROM {} e"
        " LEFT JOIN accounts a ON a.account_id = e.id AND a.account_type = '{}'"
        " WHERE e.deleted_at < ${{threshold}} AND (a.id IS NULL OR a.deleted_at < ${{threshold}})",
        table, type);
}

std::string expired_without_account(const std::string& table, const std::string& name) {
    return fmt::format(
        "SELECT e.id, e.{} AS name, NULL::uuid AS account FROM {} e WHERE e.deleted_at < ${{threshold}}",
        name, table);
}

PurgeKind applications() {
    PurgeKind kind{
        .name = "applications",
        .expired = expired_without_account("applications", "application_id"),
        .sets = {
            {"devices",
             "SELECT e.id, e.application_id || '.' || e.device_id AS name, e.picture_id FROM end_devices e"
             " JOIN ${expired} x ON e.application_id = x.name"},
            // Not a picture that something else shows.
            {"pictures",
             "SELECT DISTINCT e.picture_id AS id FROM ${devices} e WHERE e.picture_id IS NOT NULL"
             " AND NOT EXISTS (SELECT 1 FROM users u WHERE u.profile_picture_id = e.picture_id)"
             " AND NOT EXISTS (SELECT 1 FROM end_devices o WHERE o.picture_id = e.picture_id"
             " AND NOT EXISTS (SELECT 1 FROM ${devices} x WHERE x.id = o.id))"},
            {"notifications", notification_select("expired", "application") + " UNION ALL " +
                                  notification_select("devices", "end_device")}}};
    append(kind.rules, notification_rules());
    append(kind.rules, entity_rules("devices", "end_device"));
    append(kind.rules, {{"end_device_locations", "devices", "end_device_id", "id"},
                        bookmark_rule("devices", "end device"),
                        {"end_devices", "devices", "id", "id"},
                        {"pictures", "pictures", "id", "id"}});
    append(kind.rules, entity_rules("expired", "application"));
    append(kind.rules, {bookmark_rule("expired", "application"), own_row("applications")});
    return kind;
}

PurgeKind users() {
    PurgeKind kind{
        .name = "users",
        .expired = expired_with_account("users", "user"),
        .account_type = "user",
        .sets = {{"notifications", notification_select("expired", "user")},
                 {"pictures",
                  "SELECT DISTINCT u.profile_picture_id AS id FROM users u JOIN ${expired} x ON x.id = u.id"
                  " WHERE u.profile_picture_id IS NOT NULL"
                  " AND NOT EXISTS (SELECT 1 FROM end_devices e WHERE e.picture_id = u.profile_picture_id)"
                  " AND NOT EXISTS (SELECT 1 FROM users o WHERE o.profile_picture_id = u.profile_picture_id"
                  " AND NOT EXISTS (SELECT 1 FROM ${expired} y WHERE y.id = o.id))"}}};
    append(kind.rules, notification_rules());
    append(kind.rules, {{"notification_receivers", "expired", "receiver_id", "id"}});
    append(kind.rules, entity_rules("expired", "user"));
    append(kind.rules, {{"memberships", "expired", "account_id", "account"},
                        bookmark_rule("expired", "user"),
                        {"user_bookmarks", "expired", "user_id", "name"}});
    append(kind.rules, by_column("user_id", {"access_tokens", "authorization_codes", "client_authorizations",
                                             "user_sessions", "login_tokens"}));
    append(kind.rules, by_column("user_uuid", {"email_validations"}));
    append(kind.rules, {{"pictures", "pictures", "id", "id"}, own_row("users"), account_row("user")});
    append(kind.rules, contact_rules());
    append(kind.rules, {{"invitations",
                         "expired",
                         "accepted_by_id",
                         "id",
                         "",
                         {{"accepted_by_id", "NULL", "id"}},
                         "users.id"},
                        {"notifications",
                         "expired",
                         "sender_id",
                         "id",
                         "",
                         {{"sender_id", "NULL", "id"}, {"sender_uid", "''", "name"}},
                         "users.id",
                         "d.entity_type = 'user' AND EXISTS (SELECT 1 FROM users u WHERE u.id = d.entity_id "
                         "AND u.deleted_at < ${threshold})"}});
    return kind;
}

PurgeKind organizations() {
    PurgeKind kind{.name = "organizations",
                   .expired = expired_with_account("organizations", "organization"),
                   .account_type = "organization",
                   .sets = {{"notifications", notification_select("expired", "organization")}}};
    append(kind.rules, notification_rules());
    append(kind.rules, entity_rules("expired", "organization"));
    append(kind.rules, {{"memberships", "expired", "account_id", "account"},
                        bookmark_rule("expired", "organization"),
                        own_row("organizations"),
                        account_row("organization")});
    append(kind.rules, contact_rules());
    return kind;
}

PurgeKind gateways() {
    PurgeKind kind{.name = "gateways",
                   .expired = expired_without_account("gateways", "gateway_id"),
                   .sets = {{"notifications", notification_select("expired", "gateway")}}};
    append(kind.rules, notification_rules());
    append(kind.rules, entity_rules("expired", "gateway"));
    append(kind.rules, by_column("gateway_id", {"gateway_antennas"}));
    append(kind.rules, {bookmark_rule("expired", "gateway"), own_row("gateways")});
    return kind;
}

PurgeKind clients() {
    PurgeKind kind{.name = "clients",
                   .expired = expired_without_account("clients", "client_id"),
                   .sets = {{"notifications", notification_select("expired", "client")}}};
    append(kind.rules, notification_rules());
    append(kind.rules, entity_rules("expired", "client"));
    append(kind.rules,
           by_column("client_id", {"access_tokens", "authorization_codes", "client_authorizations"}));
    append(kind.rules, {bookmark_rule("expired", "client"), own_row("clients")});
    return kind;
}

}  // namespace

std::string PurgeRule::join(const std::string& threshold) const {
    auto text = fmt::format("d.{} = s.{}", column, key);
    if (!type.empty()) {
        text += fmt::format(" AND d.{} = '{}'", type_column(table), type);
    }
    if (!deletes() && has_deletion_time(table)) {
        text += fmt::format(" AND (d.deleted_at < {}) IS NOT TRUE", threshold);
    }
    if (!unless.empty()) {
        text += fmt::format(" AND NOT ({})", expand(unless, {{"threshold", threshold}}));
    }
    return text;
}

std::string type_column(std::string_view table) {
    return table == "accounts" ? "account_type" : "entity_type";
}

bool has_deletion_time(std::string_view table) {
    return find_purge_kind(table) != nullptr;
}

std::span<const PurgeKind> purge_kinds() {
    static const std::array<PurgeKind, 5> kinds{applications(), users(), organizations(), gateways(),
                                                clients()};
    return kinds;
}

const PurgeKind* find_purge_kind(std::string_view name) {
    const auto kinds = purge_kinds();
    const auto found = std::ranges::find(kinds, name, &PurgeKind::name);
    return found == kinds.end() ? nullptr : &*found;
}

std::string expand(std::string_view text, const std::map<std::string, std::string>& values) {
    std::string result;
    while (true) {
        const auto start = text.find("${");
        result += text.substr(0, start);
        if (start == std::string_view::npos) {
            return result;
        }
        const auto end = text.find('}', start);
        const std::string name(text.substr(start + 2, end - start - 2));
        const auto value = values.find(name);
        if (value == values.end()) {
            throw std::logic_error(fmt::format("purge rules: nothing is named ${{{}}}", name));
        }
        result += value->second;
        text.remove_prefix(end + 1);
    }
}

}  // namespace tti::identity_server
