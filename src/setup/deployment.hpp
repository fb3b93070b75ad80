#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "settings/values.hpp"
#include "setup/given.hpp"

namespace tti::setup {

struct Tenant {
    std::string id;
    std::string name;  // empty: as it is
};

struct OAuthClient {
    std::string id;
    std::string name;
    std::string secret_from;  // a reference; empty: a public client
    std::string path;         // of its application: "/console"; empty: the command-line interface
};

struct AdminUser {
    std::string id;
    std::string tenant_id;
    std::string email;
    std::string name;           // empty: as it is
    std::string password_from;  // a reference, for a new user
};

struct Storage {
    std::string chunk_interval;                  // empty: as it is
    std::optional<std::int64_t> retention_days;  // empty: as it is
};

struct NetworkOperationsCenter {
    std::string raw_retention;  // empty: the setting
};

// A deployment as it should be. All of it has been checked.
struct Deployment {
    std::string domain;
    // The Identity Server is at another domain, in the primary cluster. Tenants, admins and the client of the
    // command-line interface are made there.
    bool secondary = false;
    bool multi_tenant = false;
    std::string default_tenant;         // of the file or the settings
    bool default_tenant_given = false;  // the file names it
    std::vector<Tenant> tenants;
    std::vector<OAuthClient> clients;
    std::vector<AdminUser> admins;
    std::optional<Storage> storage;
    std::optional<NetworkOperationsCenter> noc;
};

// Throws UsageError with every problem, a line each. `values` are the settings that the deployment must agree
// with.
Deployment judge(Given given, const settings::Values& values);

}  // namespace tti::setup
