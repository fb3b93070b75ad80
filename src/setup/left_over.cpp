#include "setup/left_over.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "operation/recorder.hpp"
#include "util/text.hpp"

namespace tti::setup {
namespace {

using nlohmann::json;

json listed(cli::Context& context, std::vector<std::string> arguments,
            const std::vector<std::string>& shared) {
    operation::Recorder recorder;
    const auto name = arguments.back();
    arguments.insert(arguments.end(), shared.begin(), shared.end());
    if (name != "tenants") arguments.emplace_back("--tenant-id=NULL");
    context.run_command(arguments, recorder, context.stop);
    return recorder.data();
}

std::vector<std::string> tenants(const json& data, const Deployment& deployment) {
    std::vector<std::string> found;
    for (const auto& row : data.at("tenants")) {
        const auto id = row.at("tenant_id").get<std::string>();
        const bool described =
            row.at("default") == true ||
            std::ranges::find(deployment.tenants, id, &Tenant::id) != deployment.tenants.end();
        if (!described) found.push_back(id);
    }
    return found;
}

std::vector<std::string> clients(const json& data, const Deployment& deployment) {
    std::set<std::string> found;
    for (const auto& row : data.at("oauth_clients")) {
        const auto id = row.at("client_id").get<std::string>();
        const bool by_a_user = row.at("skip_authorization") == false || row.at("endorsed") == false;
        const bool described =
            std::ranges::find(deployment.clients, id, &OAuthClient::id) != deployment.clients.end();
        if (by_a_user || described) continue;
        const auto where = row.at("all_tenants") == true ? std::string("all tenants")
                                                         : "tenant " + row.at("tenant_id").get<std::string>();
        found.insert(fmt::format("{} of {}", id, where));
    }
    return {found.begin(), found.end()};
}

std::vector<std::string> admins(const json& data, const Deployment& deployment) {
    std::vector<std::string> found;
    for (const auto& row : data.at("admin_users")) {
        const auto id = row.at("user_id").get<std::string>();
        const auto tenant = row.at("tenant_id").get<std::string>();
        const bool described = std::ranges::any_of(deployment.admins, [&](const AdminUser& user) {
            return user.id == id && user.tenant_id == tenant;
        });
        if (!described) found.push_back(fmt::format("{} of tenant {}", id, tenant));
    }
    return found;
}

std::string sentence(std::string_view what, const std::vector<std::string>& names) {
    constexpr std::size_t most = 10;
    const auto shown = std::span(names).first(std::min(most, names.size()));
    const auto more = names.size() - shown.size();
    return fmt::format("Not described, and left as it is: {} {}{}.", what, util::join(shown, ", "),
                       more == 0 ? "" : fmt::format(" and {} more", more));
}

}  // namespace

std::vector<std::string> LeftOver::sentences() const {
    std::vector<std::string> all;
    if (!tenants.empty()) all.push_back(sentence("tenant", tenants));
    if (!clients.empty()) all.push_back(sentence("OAuth client", clients));
    if (!admins.empty()) all.push_back(sentence("admin", admins));
    return all;
}

LeftOver find_left_over(cli::Context& context, const Deployment& deployment,
                        const std::vector<std::string>& shared) {
    // The primary cluster's description names them.
    if (deployment.secondary) return {};
    return {tenants(listed(context, {"is-db", "tenants"}, shared), deployment),
            clients(listed(context, {"is-db", "oauth-clients"}, shared), deployment),
            admins(listed(context, {"is-db", "admin-users"}, shared), deployment)};
}

}  // namespace tti::setup
