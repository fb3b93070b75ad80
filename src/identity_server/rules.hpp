#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "util/expected.hpp"
#include "util/secret.hpp"

namespace tti::identity_server {

// What the stack accepts over its API. A failure states the rule.
using Check = Expected<void>;

Check check_user_id(std::string_view id);
// Clients, applications, gateways, devices and organizations.
Check check_entity_id(std::string_view id);
Check check_tenant_id(std::string_view id);
Check check_email(std::string_view address);
// UTF-8 without NUL, of at most `longest` characters; `kind` begins the rule: "a name".
Check check_text(std::string_view text, std::string_view kind, std::size_t longest);
// Names of users, clients, API keys and tenants.
Check check_name(std::string_view name);
Check check_client_secret(const Secret& secret);
Check check_redirect_uri(std::string_view uri);
// How many there may be; each one is checked by check_redirect_uri.
Check check_redirect_uri_count(std::size_t count);

}  // namespace tti::identity_server
