#include <algorithm>

#include <fmt/format.h>

#include "identity_server/rules.hpp"
#include "network_operations_center/layout.hpp"
#include "setup/deployment.hpp"
#include "setup/fields.hpp"
#include "setup/judgement.hpp"
#include "setup/rules.hpp"
#include "storage_integration/request.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::setup {
namespace {

using identity_server::Check;

constexpr auto default_id = "tenancy.default-id";
constexpr auto raw_retention_setting = "noc.store.raw-data-retention";

class Judge : Judgement {
  public:
    Judge(Given given, const settings::Values& values) : Judgement(std::move(given)), values_(values) {}

    Deployment operator()() {
        check_types();
        place();
        tenancy();
        tenants();
        parts();
        clients();
        admins();
        refuse_in_secondary();
        finish();
        return std::move(deployment_);
    }

  private:
    void check_types() {
        for (const auto& field : fields()) {
            const auto* text = find(field.option.name);
            if (text == nullptr) continue;
            const auto value = settings::parse_value(field.option, text->text, settings::Syntax::file);
            check(field.option.name, value.map([](const auto&) {}));
        }
    }

    void place() {
        deployment_.domain = required("domain");
        const auto home = text("identity-server-domain", deployment_.domain);
        for (const auto* name : {"domain", "identity-server-domain"}) {
            if (const auto* given = find(name)) check(name, check_domain(given->text));
        }
        const bool both_good = check_domain(home) && check_domain(deployment_.domain);
        deployment_.secondary = both_good && util::lower(home) != util::lower(deployment_.domain);
        for (const auto* name : {"network", "environment", "cluster"})
            check(name, check_name_part(text(name, "any")));
    }

    void tenancy() {
        // Where the mode is not known, nothing else is wrong for that.
        deployment_.multi_tenant = util::lower(required("tenancy.mode")) != "single";
        const auto* named = find(default_id);
        deployment_.default_tenant_given = named != nullptr;
        deployment_.default_tenant = text(default_id, values_.text(default_id));
        check(default_id, identity_server::check_tenant_id(deployment_.default_tenant));
        if (named != nullptr) require_same(*named, default_id, named->text == values_.text(default_id));
    }

    void tenants() {
        for (const auto& item : items("tenants")) {
            const Tenant tenant{id_of(item, "tenants"), of(item, "name")};
            check(item, "id", identity_server::check_tenant_id(tenant.id));
            check(item, "name", identity_server::check_name(tenant.name));
            if (std::ranges::find(deployment_.tenants, tenant.id, &Tenant::id) != deployment_.tenants.end())
                problem(item, "id", fmt::format("there are two tenants {}", tenant.id));
            if (!deployment_.multi_tenant && tenant.id != deployment_.default_tenant) {
                problem(item, "id",
                        fmt::format("the only tenant is {} ({}); several need tenancy.mode multi",
                                    deployment_.default_tenant, default_id));
            }
            deployment_.tenants.push_back(tenant);
        }
    }

    void parts() {
        if (is_set("storage.included")) {
            Storage storage{.chunk_interval = text("storage.chunk-interval", "")};
            if (!storage.chunk_interval.empty()) {
                check("storage.chunk-interval",
                      storage_integration::parse_chunk_length(storage.chunk_interval).map([](auto) {}));
            }
            if (const auto* days = find("storage.retention-days")) {
                const auto number = settings::parse_integer(days->text);
                if (number) {
                    check("storage.retention-days",
                          storage_integration::parse_days(*number).map([](auto) {}));
                    storage.retention_days = *number;
                }
            }
            deployment_.storage = storage;
        }
        if (is_set("noc.included")) {
            deployment_.noc = {text("noc.raw-retention", "")};
            if (const auto* retention = find("noc.raw-retention")) raw_retention(*retention);
        }
    }

    void raw_retention(const Text& text) {
        const auto kept = settings::parse_duration(text.text, settings::Syntax::flag);
        const bool long_enough = kept && *kept >= network_operations_center::least_raw_retention;
        if (!long_enough) return problem(text, "noc.raw-retention", "accepted: a duration, 72h at least");
        require_same(text, raw_retention_setting, *kept == values_.duration(raw_retention_setting));
    }

    void clients() {
        if (!deployment_.secondary)
            deployment_.clients.push_back({.id = "cli", .name = "Command Line Interface"});
        const auto cluster = text("cluster", "");
        if (is_set("console.included")) client("console", "Console", cluster);
        if (deployment_.noc) client("noc", "Network Operations Center", cluster);
    }

    void client(const std::string& group, const std::string& name, const std::string& cluster) {
        OAuthClient client{text(group + ".client-id", cluster.empty() ? group : group + "-" + cluster),
                           text(group + ".client-name", name),
                           text(group + ".secret-from", default_secret(group)), "/" + group};
        check(group + ".client-id", identity_server::check_entity_id(client.id));
        check(group + ".client-name", identity_server::check_name(client.name));
        const auto twin = std::ranges::find(deployment_.clients, client.id, &OAuthClient::id);
        if (twin != deployment_.clients.end())
            problem(group + ".client-id", fmt::format("{} has the ID {} too", twin->name, client.id));
        if (client.secret_from.empty()) {
            problem(group + ".secret-from",
                    "it is needed, or network, environment and cluster, which name it in Secrets Manager");
        } else if (auto good = check_reference(client.secret_from); !good) {
            problem(group + ".secret-from", good.error());
        }
        deployment_.clients.push_back(std::move(client));
    }

    [[nodiscard]] std::string default_secret(const std::string& group) const {
        for (const auto* name : {"network", "environment", "cluster"}) {
            if (find(name) == nullptr) return {};
        }
        return fmt::format("secretsmanager:{}-{}-{}-{}-oauth-client#client_secret", find("network")->text,
                           find("environment")->text, find("cluster")->text, group);
    }

    void admins() {
        for (const auto& item : items("admin-users")) {
            AdminUser user{id_of(item, "admin-users"), tenant_of(item), of(item, "email"), of(item, "name"),
                           of(item, "password-from")};
            check(item, "id", identity_server::check_user_id(user.id));
            if (user.id == "admin" && deployment_.noc)
                problem(item, "id", "the Network Operations Center refuses a user of the ID admin");
            if (std::ranges::any_of(deployment_.admins, [&](const AdminUser& other) {
                    return other.id == user.id && other.tenant_id == user.tenant_id;
                }))
                problem(item, "id", fmt::format("tenant {} has two users {}", user.tenant_id, user.id));
            check(item, "email", identity_server::check_email(user.email));
            check(item, "name", identity_server::check_name(user.name));
            if (auto good = check_reference(user.password_from); !good)
                problem(item, "password-from", good.error());
            deployment_.admins.push_back(std::move(user));
        }
    }

    std::string tenant_of(const Item& item) {
        auto id = of(item, "tenant-id");
        const auto& only = deployment_.default_tenant;
        if (!deployment_.multi_tenant && id.empty()) return only;
        const bool known = id == only || (deployment_.multi_tenant &&
                                          std::ranges::find(deployment_.tenants, id, &Tenant::id) !=
                                              deployment_.tenants.end());
        if (!known) {
            problem(item, "tenant-id",
                    id.empty() ? "it is needed where there are several tenants"
                               : fmt::format("there is no tenant {} in this description", id));
        }
        return id;
    }

    // What the primary cluster's description is for.
    void refuse_in_secondary() {
        if (!deployment_.secondary) return;
        for (const auto& list : list_fields()) {
            for (const auto& item : items(list.option.name)) {
                problem(item, fmt::format("{} belong into the description of the primary cluster, at {}",
                                          list.option.name, text("identity-server-domain", "")));
            }
        }
    }

    // The stack would read the setting, and not this file.
    void require_same(const Text& text, const std::string& setting, bool same) {
        if (same || !values_.given(setting) || values_.source(setting).where == text.where) return;
        problem(text, setting,
                fmt::format("the stack's setting {} says {} ({}), and both have to agree", setting,
                            values_.display(setting, false), values_.source(setting).where));
    }

    const settings::Values& values_;
    Deployment deployment_;
};

}  // namespace

Deployment judge(Given given, const settings::Values& values) {
    return Judge(std::move(given), values)();
}

}  // namespace tti::setup
