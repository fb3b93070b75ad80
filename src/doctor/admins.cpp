#include <algorithm>

#include <fmt/format.h>

#include "doctor/check.hpp"
#include "doctor/shell_word.hpp"

namespace tti::doctor {
namespace {

using identity_server::Tenant;

// The Network Operations Center refuses this one: "could not initialize Network Operations Center".
constexpr std::string_view refused_id = "admin";
constexpr std::string_view approved = "1";

struct Admin {
    std::string id;
    std::string state;
    std::string email;
    bool validated = false;
};

std::vector<std::vector<Admin>> read_admins(IdentityServer& server) {
    std::vector<postgres::Statement> questions;
    questions.reserve(server.tenants.size());
    for (const auto& tenant : server.tenants) {
        questions.push_back({fmt::format(
            "SELECT a.uid, u.state, u.primary_email_address, u.primary_email_address_validated_at IS NOT "
            "NULL "
            "FROM {} u JOIN {} a ON a.account_id = u.id AND a.account_type = 'user' WHERE u.admin AND "
            "u.deleted_at IS NULL AND a.deleted_at IS NULL ORDER BY a.uid",
            qualified(tenant, "users"), qualified(tenant, "accounts"))});
    }
    std::vector<std::vector<Admin>> all;
    for (const auto& rows : server.session.connection().pipeline(questions)) {
        auto& admins = all.emplace_back();
        for (int row = 0; row < rows.rows(); ++row) {
            admins.push_back({std::string(rows.text(row, 0)), std::string(rows.text(row, 1)),
                              std::string(rows.text(row, 2)), rows.boolean(row, 3)});
        }
    }
    return all;
}

std::string create(const Tenant& tenant, const std::string& rest) {
    return fmt::format("tti-lw-stack is-db create-admin-user {}{}",
                       tenant.is_default ? "" : fmt::format("--tenant-id={} ", tenant.id), rest);
}

constexpr auto new_admin = "--id=operator --email=operator@example.com --password-from=env:ADMIN_PASSWORD";
constexpr auto new_admin_remark =
    "With an ID and an e-mail address of your own, and the password in that variable.";

void look_at_id(const Tenant& tenant, const std::vector<Admin>& admins, Findings& found) {
    if (std::ranges::find(admins, refused_id, &Admin::id) == admins.end()) return;
    const bool alone = admins.size() == 1;
    found.push_back({alone ? Severity::error : Severity::note,
                     alone ? "The Network Operations Center refuses the user ID admin, and there is no other "
                             "admin."
                           : "The Network Operations Center refuses the user ID admin; the other admins can "
                             "use it.",
                     fmt::format("{} admin{} of tenant {}: {}", admins.size(), alone ? "" : "s", tenant.id,
                                 admins.front().id),
                     command(create(tenant, new_admin), new_admin_remark)});
}

void look_at_rows(const Tenant& tenant, const std::vector<Admin>& admins, Findings& found) {
    for (const auto& admin : admins) {
        const auto again =
            command(create(tenant, fmt::format("{} {} --keep-password", shell_word("--id=" + admin.id),
                                               shell_word("--email=" + admin.email))));
        if (!admin.validated) {
            found.push_back({Severity::warning,
                             "The e-mail address of an admin was never validated, so a forgotten password "
                             "cannot be reset.",
                             fmt::format("admin {} of tenant {}: {}", admin.id, tenant.id, admin.email),
                             again});
        }
        if (admin.state != approved) {
            found.push_back(
                {Severity::warning, "An admin is not approved, and cannot log in.",
                 fmt::format("admin {} of tenant {}: state = {}", admin.id, tenant.id, admin.state), again});
        }
    }
}

}  // namespace

Findings check_admins(IdentityServer& server) {
    Findings found;
    const auto all = read_admins(server);
    const bool has_noc = !server.values.secret("noc.store.database-uri").empty();
    for (std::size_t index = 0; index < all.size(); ++index) {
        const auto& tenant = server.tenants[index];
        const auto& admins = all[index];
        if (admins.empty()) {
            found.push_back({Severity::error, "There is no admin.",
                             fmt::format("tenant {} has no user with admin = true", tenant.id),
                             command(create(tenant, new_admin), new_admin_remark)});
        }
        if (has_noc) look_at_id(tenant, admins, found);
        look_at_rows(tenant, admins, found);
    }
    return found;
}

}  // namespace tti::doctor
