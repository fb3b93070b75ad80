#include "identity_server/migrations.hpp"

#include <algorithm>
#include <array>

#include "embedded/identity_server_sql.hpp"
#include "embedded/register_sql.hpp"

namespace tti::identity_server {
namespace {

using operation::Lock;

constexpr std::array email_duplicates{
    RowCheck{"e-mail addresses (compared without case) that more than one user has",
             "SELECT count(*), min(address) FROM (SELECT lower(primary_email_address) AS address FROM users "
             "WHERE deleted_at IS NULL GROUP BY 1 HAVING count(*) > 1) AS duplicates",
             "users"}};
constexpr std::array email_duplicates_down{RowCheck{
    "e-mail addresses that more than one user has, deleted users included",
    "SELECT count(*), min(address) FROM (SELECT primary_email_address AS address FROM users GROUP BY 1 "
    "HAVING count(*) > 1) AS duplicates",
    "users"}};
constexpr std::array eui_duplicates_down{RowCheck{
    "gateway EUIs that more than one gateway has, deleted gateways included",
    "SELECT count(*), min(gateway_eui) FROM (SELECT gateway_eui FROM gateways WHERE gateway_eui IS NOT NULL "
    "GROUP BY 1 HAVING count(*) > 1) AS duplicates",
    "gateways"}};
constexpr std::array validations_fail{
    RowCheck{"open e-mail validations without address, reference or token",
             "SELECT count(*), min(id::text) FROM contact_info_validations WHERE contact_method = 1 "
             "AND entity_type = 'user' AND used IS NOT TRUE AND (expires_at IS NULL OR expires_at > now()) "
             "AND (value IS NULL OR reference IS NULL OR token IS NULL)",
             "contact_info_validations"},
    RowCheck{"pairs of reference and token that more than one open e-mail validation has",
             "SELECT count(*), min(reference) FROM (SELECT reference FROM contact_info_validations "
             "WHERE contact_method = 1 AND entity_type = 'user' AND used IS NOT TRUE "
             "AND (expires_at IS NULL OR expires_at > now()) AND token IS NOT NULL GROUP BY reference, token "
             "HAVING count(*) > 1) AS duplicates",
             "contact_info_validations"}};
constexpr std::array validations_lost{RowCheck{
    "used or expired e-mail validations",
    "SELECT count(*), NULL FROM contact_info_validations WHERE contact_method = 1 AND entity_type = 'user' "
    "AND (used OR expires_at <= now())",
    "contact_info_validations"}};
constexpr std::array validations_lost_down{RowCheck{
    "used or expired e-mail validations",
    "SELECT count(*), NULL FROM email_validations WHERE used OR expires_at <= now()", "email_validations"}};
constexpr std::array contacts_lost{
    RowCheck{"contact infos",
             "SELECT count(*), NULL FROM contact_infos WHERE entity_type IN "
             "('application', 'client', 'end_device', 'gateway', 'organization', 'user')",
             "contact_infos"}};
constexpr std::array claims_lost{
    RowCheck{"claim authentication codes of end devices",
             "SELECT count(*), NULL FROM end_devices WHERE claim_authentication_code_secret IS NOT NULL",
             "end_devices"}};
constexpr std::array serials_lost{
    RowCheck{"serial numbers of end devices",
             "SELECT count(*), NULL FROM end_devices WHERE serial_number IS NOT NULL", "end_devices"}};
constexpr std::array profiles_lost{RowCheck{
    "vendor IDs of end devices",
    "SELECT count(*), NULL FROM end_devices WHERE vendor_id IS NOT NULL OR vendor_profile_id IS NOT NULL",
    "end_devices"}};
constexpr std::array fanout_lost{RowCheck{
    "organizations that turned notifications off",
    "SELECT count(*), NULL FROM organizations WHERE fanout_notifications IS FALSE", "organizations"}};
constexpr std::array preferences_lost{
    RowCheck{"console preferences of users",
             "SELECT count(*), NULL FROM users WHERE console_preferences IS NOT NULL", "users"}};
constexpr std::array bookmarks_lost{
    RowCheck{"bookmarks", "SELECT count(*), NULL FROM user_bookmarks", "user_bookmarks"}};
constexpr std::array rights_lost{
    RowCheck{"universal rights of users",
             "SELECT count(*), NULL FROM users WHERE universal_rights IS NOT NULL", "users"}};
constexpr std::array everything_lost{
    RowCheck{"users", "SELECT count(*), NULL FROM users", "users"},
    RowCheck{"organizations", "SELECT count(*), NULL FROM organizations", "organizations"},
    RowCheck{"applications", "SELECT count(*), NULL FROM applications", "applications"},
    RowCheck{"gateways", "SELECT count(*), NULL FROM gateways", "gateways"},
    RowCheck{"OAuth clients", "SELECT count(*), NULL FROM clients", "clients"},
    RowCheck{"end devices", "SELECT count(*), NULL FROM end_devices", "end_devices"},
    RowCheck{"API keys", "SELECT count(*), NULL FROM api_keys", "api_keys"},
    RowCheck{"memberships", "SELECT count(*), NULL FROM memberships", "memberships"},
    RowCheck{"EUI blocks", "SELECT count(*), NULL FROM eui_blocks", "eui_blocks"},
    RowCheck{"notifications", "SELECT count(*), NULL FROM notifications", "notifications"},
    RowCheck{"invitations", "SELECT count(*), NULL FROM invitations", "invitations"},
    RowCheck{"pictures", "SELECT count(*), NULL FROM pictures", "pictures"}};

constexpr IndexSwap email_swap{"users", "uix_users_primary_email_address",
                               "(lower(primary_email_address)) WHERE deleted_at IS NULL",
                               "(primary_email_address)"};
constexpr IndexSwap eui_swap{"gateways", "gateway_eui_index", "(gateway_eui) WHERE deleted_at IS NULL",
                             "(gateway_eui)"};

constexpr std::array all{
    Migration{.name = "20220520000000",
              .comment = "v3_20",
              .what = "create the tables of release 3.20, or drop four indexes of release 3.19",
              .down_loses = everything_lost},
    Migration{.name = "20220701140000",
              .comment = "update_email_index",
              .what = "make e-mail addresses of users unique without case, deleted users left out",
              .swap = email_swap,
              .up_fails_on = email_duplicates,
              .down_fails_on = email_duplicates_down},
    Migration{.name = "20220726092000",
              .comment = "account_views",
              .what = "create views of users and organizations"},
    Migration{.name = "20220726093000", .comment = "membership_views", .what = "create views of memberships"},
    Migration{.name = "20220802000000",
              .comment = "enddevice-cac",
              .what = "add claim authentication codes to end devices",
              .down_loses = claims_lost},
    Migration{.name = "20220808000000",
              .comment = "optimize_membership_views",
              .what = "replace the views of memberships by faster ones"},
    Migration{.name = "20220913000000",
              .comment = "update_gtw_eui_index",
              .what = "make gateway EUIs unique among gateways that are not deleted",
              .swap = eui_swap,
              .down_fails_on = eui_duplicates_down},
    Migration{.name = "20221207000000",
              .comment = "serial_number_field",
              .what = "add serial numbers to end devices",
              .down_loses = serials_lost},
    Migration{.name = "20221208000000",
              .comment = "lora_alliance_profile_ids",
              .what = "add vendor IDs to end devices",
              .down_loses = profiles_lost},
    Migration{
        .name = "20231206000000",
        .comment = "email_validations",
        .what = "move open e-mail validations of users to a table of their own, remove used and expired ones",
        .up_fails_on = validations_fail,
        .up_loses = validations_lost,
        .down_loses = validations_lost_down},
    Migration{.name = "20231211000000",
              .comment = "organization_notification_fanout",
              .what = "add notification fan-out to organizations, on for those that exist",
              .down_loses = fanout_lost},
    Migration{.name = "20240100200000",
              .comment = "contact_info_removal",
              .what = "delete contact infos",
              .reversible = false,
              .up_loses = contacts_lost},
    Migration{.name = "20240103000001",
              .comment = "console_preferences",
              .what = "add console preferences to users",
              .down_loses = preferences_lost},
    Migration{.name = "20240103000002",
              .comment = "user_bookmarks",
              .what = "create the table of bookmarks",
              .lock = Lock::none,
              .down_loses = bookmarks_lost},
    Migration{.name = "20240806000000",
              .comment = "user_rights",
              .what = "add universal rights to users",
              .down_loses = rights_lost},
};

}  // namespace

std::string Migration::full_name() const {
    return std::string(name) + "_" + std::string(comment);
}

std::span<const Migration> migrations() {
    return all;
}

const Migration* find_migration(std::string_view name) {
    const auto found = std::ranges::find_if(all, [name](const Migration& migration) {
        return name == migration.name || name == migration.full_name();
    });
    return found == all.end() ? nullptr : &*found;
}

std::string_view up_sql(const Migration& migration) {
    return embedded::identity_server_sql::file(migration.full_name() + ".up.sql");
}

std::string_view down_sql(const Migration& migration) {
    if (!migration.reversible) return {};
    return embedded::identity_server_sql::file(migration.full_name() + ".down.sql");
}

std::string_view up_sql_from_3_19() {
    return embedded::identity_server_sql::file("20220520000000_v3_19.up.sql");
}

std::string_view register_sql() {
    return embedded::register_sql::file(std::string(register_migration) + "_register.up.sql");
}

}  // namespace tti::identity_server
