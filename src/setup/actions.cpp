#include "setup/actions.hpp"

#include <fmt/format.h>

namespace tti::setup {
namespace {

using Of = Action::Of;

void append(std::vector<Action>& all, std::vector<Action> more) {
    std::ranges::move(more, std::back_inserter(all));
}

std::vector<Action> storage(const Deployment& deployment, std::string command) {
    if (!deployment.storage) return {};
    const auto& [chunk_interval, retention_days] = *deployment.storage;
    Action action{.heading = "Initialize events storage", .arguments = {"storage-db", std::move(command)}};
    auto& words = action.arguments;
    if (!chunk_interval.empty()) {
        words.emplace_back("--timescaledb.chunk-time-interval");
        words.push_back(chunk_interval);
    }
    if (retention_days) {
        words.emplace_back("--timescaledb.enable-retention-policy");
        words.emplace_back("--timescaledb.retention-days");
        words.push_back(std::to_string(*retention_days));
    }
    return {action};
}

// The Network Operations Center is in the primary cluster alone.
std::vector<Action> noc(const Deployment& deployment, const std::string& command) {
    if (!deployment.noc || deployment.secondary) return {};
    Action action{.heading = fmt::format("{} Network Operations Center database",
                                         command == "init" ? "Initialize" : "Migrate"),
                  .arguments = {"noc-db", command}};
    if (!deployment.noc->raw_retention.empty()) {
        action.arguments.emplace_back("--noc.store.raw-data-retention");
        action.arguments.push_back(deployment.noc->raw_retention);
    }
    return {action};
}

Action migrate(const std::string& database, const std::string& group, const char* command = "migrate") {
    return {.heading = fmt::format("{} {} database", command == std::string("prune") ? "Prune" : "Migrate",
                                   database),
            .arguments = {group, command}};
}

std::vector<Action> identity_server_migrate(const Deployment& deployment) {
    if (deployment.secondary) return {};
    return {migrate("Identity Server", "is-db")};
}

std::vector<Action> tenants(const Deployment& deployment) {
    std::vector<Action> all;
    for (const auto& tenant : deployment.tenants) {
        Action action{.heading = "Create tenant",
                      .arguments = {"is-db", "create-tenant", "--id=" + tenant.id},
                      .what = fmt::format("make tenant {} as described", tenant.id),
                      .undo = fmt::format("is-db delete-tenant --id={}", tenant.id),
                      .of = Of::tenant,
                      .id = tenant.id};
        if (!tenant.name.empty()) action.arguments.push_back("--name=" + tenant.name);
        all.push_back(std::move(action));
    }
    return all;
}

// Relative ones match whatever host the user came by, so they work for the Identity Server's own domain
// alone.
void add_uris(std::vector<std::string>& words, const std::string& option, const std::string& path,
              const Deployment& deployment) {
    if (!deployment.secondary) words.push_back(fmt::format("--{}={}", option, path));
    words.push_back(fmt::format("--{}=https://{}{}", option, deployment.domain, path));
}

Action client(const OAuthClient& client, const Deployment& deployment) {
    const auto& tenant = deployment.default_tenant;
    Action action{.heading = fmt::format("Create OAuth client for the {}", client.name),
                  .arguments = {"is-db", "create-oauth-client",
                                "--tenant-id=" + (deployment.multi_tenant ? "NULL" : tenant),
                                "--id=" + client.id, "--name=" + client.name},
                  .undo = "delete the client in the Console",
                  .of = Of::client,
                  .id = client.id,
                  .tenant_id = deployment.multi_tenant ? "" : tenant};
    action.what = fmt::format("make OAuth client {} of {} as described", client.id,
                              deployment.multi_tenant ? "all tenants" : "tenant " + tenant);
    action.secret_at = action.arguments.size();
    if (client.path.empty()) {
        action.secret = {"--no-secret"};
        action.arguments.insert(action.arguments.end(),
                                {"--redirect-uri=local-callback", "--redirect-uri=code"});
    } else {
        action.secret = {"--secret-from=" + client.secret_from};
        action.secret_from = client.secret_from;
        add_uris(action.arguments, "redirect-uri", client.path + "/oauth/callback", deployment);
        add_uris(action.arguments, "logout-redirect-uri", client.path, deployment);
    }
    return action;
}

std::vector<Action> clients(const Deployment& deployment) {
    std::vector<Action> all;
    for (const auto& one : deployment.clients) all.push_back(client(one, deployment));
    return all;
}

std::vector<Action> admins(const Deployment& deployment) {
    std::vector<Action> all;
    for (const auto& user : deployment.admins) {
        Action action{.heading = "Create admin user",
                      .arguments = {"is-db", "create-admin-user", "--tenant-id", user.tenant_id, "--id",
                                    user.id, "--email", user.email},
                      .secret = {"--password-from", user.password_from},
                      .secret_from = user.password_from,
                      .keep = {"--keep-password"},
                      .what = fmt::format("make {} of tenant {} an admin", user.id, user.tenant_id),
                      .undo = "delete the user in the Console",
                      .of = Of::admin,
                      .id = user.id,
                      .tenant_id = user.tenant_id};
        action.secret_at = action.arguments.size();
        if (!user.name.empty()) {
            action.arguments.emplace_back("--name");
            action.arguments.push_back(user.name);
        }
        all.push_back(std::move(action));
    }
    return all;
}

}  // namespace

std::string Action::name() const {
    const auto words = arguments.at(0) + " " + arguments.at(1);
    return id.empty() ? words : words + " " + id;
}

std::vector<std::string> Action::with_secret() const {
    auto all = arguments;
    all.insert(all.begin() + static_cast<std::ptrdiff_t>(secret_at), secret.begin(), secret.end());
    return all;
}

std::vector<std::string> Action::without_secret() const {
    auto all = arguments;
    all.insert(all.end(), keep.begin(), keep.end());
    return all;
}

std::vector<Action> actions(const Deployment& deployment) {
    // After a kill in its midst, init would refuse tables that are not complete.
    auto all = storage(deployment, "migrate");
    append(all, noc(deployment, "migrate"));
    append(all, identity_server_migrate(deployment));
    append(all, {migrate("Network Server", "ns-db"), migrate("Application Server", "as-db"),
                 migrate("Join Server", "js-db"), migrate("Device Claiming Server", "dcs-db")});
    append(all, tenants(deployment));
    append(all, clients(deployment));
    append(all, admins(deployment));
    return all;
}

std::vector<Action> page(const Deployment& deployment) {
    auto all = storage(deployment, "init");
    append(all, noc(deployment, "init"));
    append(all, tenants(deployment));
    append(all, clients(deployment));
    append(all, admins(deployment));
    append(all, identity_server_migrate(deployment));
    append(all, {migrate("Network Server", "ns-db"), migrate("Network Server", "ns-db", "prune"),
                 migrate("Application Server", "as-db")});
    append(all, noc(deployment, "migrate"));
    append(all, {migrate("Device Claiming Server", "dcs-db")});
    return all;
}

}  // namespace tti::setup
