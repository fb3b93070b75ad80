#include "doctor/passwords.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "database/address.hpp"
#include "doctor/check.hpp"
#include "doctor/oauth_client.hpp"
#include "doctor/redirect_uris.hpp"
#include "postgres/uri_settings.hpp"

namespace tti::doctor {
namespace {

using settings::Values;

constexpr std::array address_settings{
    "is.database-uri",
    "as.packages.storage.postgres.database-uri",
    "as.packages.storage.postgres.read-database-uri",
    "noc.store.database-uri",
    "noc.store.read-database-uri",
};
// The sample configurations have root:root; some ask for it in other words.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> printed{{
    {"root", "root"},
    {"postgres", "postgres"},
    {"ttn", "ttn"},
}};

void look_at_address(const Values& values, const std::string& name, Findings& found) {
    if (values.secret(name).empty()) return;
    const auto uri = database::address(values, name);
    if (is_this_machine(uri.part("host")) || !has_printed_password(uri)) return;
    found.push_back(
        {Severity::warning,
         "A database on another machine is reached with the password of the documentation, which "
         "everybody knows.",
         fmt::format("{} ({}) names {}", name, values.source(name).where, uri.display()),
         statement(fmt::format("ALTER ROLE {} PASSWORD 'NEW';", postgres::quote_identifier(uri.part("user"))),
                   fmt::format("Then give the new one in {}.", name))});
}

// "console" as the secret of the client console, as the sample files have it.
void look_at_client(const OAuthApplication& application, const Values& values, Findings& found) {
    if (application.is_public() || !values.given(application.secret_setting)) return;
    if (values.secret(application.secret_setting).reveal() != application.client_id(values)) return;
    const auto page = parse_page_address(values.text(application.url_setting));
    if (!page || page->origin.starts_with("http://localhost")) return;
    found.push_back(
        {Severity::warning,
         fmt::format("The client of the {} has the secret of the documentation, which everybody "
                     "knows.",
                     application.name),
         fmt::format("{} ({}) is the client's ID, and its page is at {}", application.secret_setting,
                     values.source(application.secret_setting).where, page->origin),
         setting(fmt::format("Set {} to the output of openssl rand -hex 24, then run "
                             "tti-lw-stack doctor --only oauth-secrets.",
                             application.secret_setting))});
}

}  // namespace

bool is_this_machine(std::string_view host) {
    return host.empty() || host.starts_with('/') || host == "localhost" || host == "::1" ||
           host.starts_with("127.");
}

bool has_printed_password(const postgres::Uri& uri) {
    const auto& text = uri.text().reveal();
    const auto parts = postgres::is_url(text) ? postgres::parse_url(text) : postgres::parse_keywords(text);
    if (!parts) return false;
    const auto password = std::ranges::find(*parts, "password", &postgres::UriSetting::name);
    const auto user = uri.part("user");
    return password != parts->end() && std::ranges::any_of(printed, [&](const auto& known) {
               return known.first == user && known.second == password->value;
           });
}

Findings check_passwords(const Values& values) {
    Findings found;
    for (const auto* name : address_settings) look_at_address(values, name, found);
    for (const auto& application : oauth_applications(values)) look_at_client(application, values, found);
    return found;
}

}  // namespace tti::doctor
