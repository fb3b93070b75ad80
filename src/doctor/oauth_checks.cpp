#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "doctor/oauth_client.hpp"
#include "doctor/redirect_uris.hpp"
#include "identity_server/global_clients.hpp"
#include "identity_server/password_hash.hpp"
#include "util/text.hpp"

namespace tti::doctor {
namespace {

using settings::Values;

constexpr std::string_view server_page_setting = "is.oauth.ui.canonical-url";

std::vector<std::string> words(std::string_view option, const std::vector<std::string>& uris) {
    std::vector<std::string> words;
    words.reserve(uris.size());
    for (const auto& uri : uris) words.push_back(fmt::format("--{}={}", option, uri));
    return words;
}

// The page of an application, by --domain or by the setting of its address.
struct Page {
    PageAddress address;
    bool secondary = false;
};

std::string origin_of(const Values& values, std::string_view name) {
    const auto address = parse_page_address(values.text(name));
    return address ? address->origin : "";
}

// The page and the Identity Server's own have one origin on a primary cluster.
bool is_secondary(const Values& values, const PageAddress& page) {
    if (values.boolean("secondary-cluster")) return true;
    const auto server = origin_of(values, server_page_setting);
    return !server.empty() && !page.origin.empty() && server != page.origin;
}

Page page_of(const OAuthApplication& application, const Values& values) {
    if (application.is_public()) return {};
    PageAddress address{"", std::string(application.mount)};
    if (const auto given = parse_page_address(values.text(application.url_setting))) address = *given;
    if (values.given("domain")) address.origin = "https://" + values.text("domain");
    return {address, is_secondary(values, address)};
}

WantedUris wanted_of(const OAuthApplication& application, const Page& page) {
    if (application.is_public()) return {{"local-callback", "code"}, {}};
    return wanted_uris(page.address, page.secondary);
}

Mend creation(const RegisteredClient& client, const Values& values, const std::string& tenant_argument) {
    const auto wanted = wanted_of(client.application, page_of(client.application, values));
    std::vector<std::string> all{fmt::format("--name={}", client.application.name),
                                 secret_word(client.application)};
    for (auto& word : words("redirect-uri", wanted.redirect)) all.push_back(std::move(word));
    for (auto& word : words("logout-redirect-uri", wanted.logout)) all.push_back(std::move(word));
    auto whole = client;
    whole.tenant_argument = tenant_argument;
    return command(whole.command(all), secret_remark(client.application, values));
}

Finding missing(const RegisteredClient& client, IdentityServer& server) {
    const bool many = server.tenants.size() > 1;
    return {Severity::error,
            fmt::format("There is no OAuth client for the {}: nobody can log in with it.",
                        client.application.name),
            fmt::format("{} has no client {}", client.where, client.id),
            creation(client, server.values, many ? "--tenant-id=NULL " : client.tenant_argument)};
}

Finding deleted(const RegisteredClient& client, const std::string& table, const std::string& where) {
    return {
        Severity::error,
        fmt::format("The OAuth client of the {} was deleted; its ID stays taken.", client.application.name),
        fmt::format("client {} of {} has deleted_at", client.id, where),
        statement(fmt::format("UPDATE {} SET deleted_at = NULL WHERE client_id = {};", table,
                              postgres::quote_literal(client.id)),
                  fmt::format("Or restore it with ttn-lw-cli clients restore {}.", client.id))};
}

void look_at_rights(const RegisteredClient& client, Findings& found) {
    const auto& row = *client.row;
    const auto add = [&](Severity severity, std::string problem, std::string evidence, Mend mend) {
        found.push_back({severity, std::move(problem),
                         fmt::format("client {} of {}: {}", client.id, client.where, evidence),
                         std::move(mend)});
    };
    // Creating it again with nothing else sets state, grants and rights right.
    const auto again = command(client.command({"--authorized", "--endorsed"}));
    if (row.state != "1") {
        add(Severity::error, "An OAuth client is not approved, so nobody can log in with it.",
            "state = " + row.state, again);
    }
    if (row.grants != "{0,2}") {
        add(Severity::error, "An OAuth client may not use authorization codes and refresh tokens.",
            "grants = " + row.grants, again);
    }
    if (row.rights != "{55}") {
        add(Severity::error, "An OAuth client does not have all rights, so its users miss some.",
            "rights = " + row.rights, again);
    }
    if (!row.skip_authorization || !row.endorsed) {
        add(Severity::warning, "Users are asked for their consent, as for a client of somebody else.",
            fmt::format("skip_authorization = {}, endorsed = {}", row.skip_authorization, row.endorsed),
            again);
    }
    if (client.application.is_public() && row.secret) {
        add(Severity::error,
            "The client of the command line interface has a secret, which that does not send.",
            "client_secret is set", command(client.command({"--no-secret"})));
    }
}

// A client of all tenants has a copy in each.
void look_at_copies(const RegisteredClient& client, IdentityServer& server, Findings& found) {
    const auto copies = identity_server::read_copies(server.session.connection(), server.tenants, client.id);
    std::vector<std::string> without;
    for (std::size_t index = 0; index < copies.size(); ++index) {
        const auto& tenant = server.tenants[index];
        if (copies[index].deleted) {
            found.push_back(
                deleted(client, identity_server::qualified(tenant, "clients"), "tenant " + tenant.id));
        } else if (!copies[index].present || copies[index].differs) {
            without.push_back(tenant.id);
        }
    }
    if (without.empty()) return;
    constexpr std::size_t most = 5;
    const auto number = without.size();
    if (number > most) without.resize(most);
    found.push_back({Severity::error, "Tenants do not have an OAuth client of all tenants as it is.",
                     fmt::format("client {} is missing or other in {} of {} tenants: {}{}", client.id, number,
                                 copies.size(), util::join(without, ", "), number > most ? ", …" : ""),
                     command(client.command({}))});
}

// An address that is wrong makes wrong URIs.
void look_at_address(std::string_view name, std::string_view setting_name, std::string_view mount,
                     const Values& values, Findings& found) {
    const auto& text = values.text(setting_name);
    if (text.empty()) return;
    const auto address = parse_page_address(text);
    if (address) return;
    found.push_back({Severity::error,
                     fmt::format("The address of the {} is wrong, and so are URIs that are made of it: {}.",
                                 name, address.error()),
                     fmt::format("{} = {}", setting_name, text),
                     setting(fmt::format("Set {} to https://DOMAIN{}.", setting_name, mount))});
}

void look_at_page(const OAuthApplication& application, const Values& values, Findings& found) {
    if (application.is_public()) return;
    look_at_address(application.name, application.url_setting, application.mount, values, found);
    if (!values.text(application.url_setting).empty() || values.given("domain")) return;
    found.push_back({Severity::note,
                     fmt::format("Whole URIs of the {} were not looked for.", application.name),
                     fmt::format("neither {} nor --domain says where it is", application.url_setting),
                     setting(fmt::format("Set {}, or give --domain.", application.url_setting))});
}

void look_at_uris(const RegisteredClient& client, const Values& values, Findings& found) {
    const auto page = page_of(client.application, values);
    const auto wanted = wanted_of(client.application, page);
    const auto redirect = judge_uris(client.row->redirect_uris, wanted.redirect, page.secondary);
    const auto logout = client.application.is_public()
                            ? UriJudgement{}
                            : judge_uris(client.row->logout_redirect_uris, wanted.logout, page.secondary);
    auto all = words("redirect-uri", redirect.mended);
    for (auto& word : words("logout-redirect-uri", logout.mended)) all.push_back(std::move(word));
    for (const auto& [judgement, kind] : {std::pair{&redirect, "redirect"}, std::pair{&logout, "logout"}}) {
        for (const auto& fault : judgement->faults) {
            found.push_back(
                {fault.severity, fault.problem,
                 fmt::format("{} URIs of client {} of {}: {}", kind, client.id, client.where, fault.evidence),
                 command(client.command(all))});
        }
    }
}

// Hashing takes its time, and the copies in many tenants have one hash.
class Comparison {
  public:
    explicit Comparison(const Secret& secret) : secret_(secret) {}
    Expected<bool> operator()(const std::string& hash) {
        const auto known = known_.find(hash);
        if (known != known_.end()) return known->second;
        return known_.emplace(hash, identity_server::verify_password(secret_, hash)).first->second;
    }

  private:
    const Secret& secret_;
    std::map<std::string, Expected<bool>> known_;
};

std::string fault_of(const std::optional<std::string>& hash, Comparison& comparison) {
    if (!hash) return "none is stored";
    const auto same = comparison(*hash);
    if (!same) return "what is stored is no hash: " + same.error();
    return *same ? "" : "the stored hash is of another one";
}

void compare_secrets(const OAuthApplication& application, const std::vector<RegisteredClient>& clients,
                     const Values& values, Findings& found) {
    const auto& name = application.secret_setting;
    if (!values.given(name)) {
        found.push_back(
            {Severity::note,
             fmt::format("The secret of the client of the {} was not compared.", application.name),
             fmt::format("{} is not among the settings here", name),
             setting(fmt::format("Run this where {} is set, as in the stack.", name))});
        return;
    }
    Comparison comparison(values.secret(name));
    for (const auto& client : clients) {
        if (client.application.id_setting != application.id_setting || !client.row || client.row->deleted)
            continue;
        const auto fault = fault_of(client.row->secret, comparison);
        if (fault.empty()) continue;
        found.push_back(
            {Severity::error,
             fmt::format("The secret of an OAuth client is not the one of {}: logging in ends "
                         "with \"Token Exchange Refused\".",
                         name),
             fmt::format("client {} of {}: {} ({} comes from {})", client.id, client.where, fault, name,
                         values.source(name).where),
             command(client.command({secret_word(application)}), secret_remark(application, values))});
    }
}

}  // namespace

Findings check_oauth_clients(IdentityServer& server) {
    Findings found;
    for (const auto& client : registered_clients(server)) {
        if (!client.row) {
            found.push_back(missing(client, server));
        } else if (client.row->deleted) {
            found.push_back(deleted(client, client.table, client.where));
        } else {
            look_at_rights(client, found);
            if (client.is_for_all()) look_at_copies(client, server, found);
        }
    }
    return found;
}

Findings check_oauth_redirects(IdentityServer& server) {
    Findings found;
    look_at_address("Identity Server", server_page_setting, "/oauth", server.values, found);
    for (const auto& application : oauth_applications(server.values))
        look_at_page(application, server.values, found);
    for (const auto& client : registered_clients(server)) {
        if (client.row && !client.row->deleted) look_at_uris(client, server.values, found);
    }
    return found;
}

Findings check_oauth_secrets(IdentityServer& server) {
    Findings found;
    const auto clients = registered_clients(server);
    for (const auto& application : oauth_applications(server.values)) {
        if (!application.is_public()) compare_secrets(application, clients, server.values, found);
    }
    return found;
}

}  // namespace tti::doctor
