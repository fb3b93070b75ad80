#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "identity_server/tenant.hpp"
#include "postgres/connection.hpp"

namespace tti::identity_server {

// Numbers as in the stack's State enumeration, which users and OAuth clients have too.
enum class State : int { requested = 0, approved = 1, rejected = 2, flagged = 3, suspended = 4 };
std::string_view describe(State state);
std::optional<State> parse_state(std::string_view text);

// What the register keeps of a tenant: the stack's Tenant message.
struct TenantRecord {
    Tenant tenant;
    std::string name;
    std::string description;
    State state = State::approved;
    std::string state_description;
    std::map<std::string, std::string> attributes;
    std::map<std::string, std::string> limits;  // "max_users" -> "100"; absent: unlimited
    std::string created_at, updated_at;
};

// The columns of tti.tenants that hold limits.
inline constexpr std::array limit_columns{"max_applications", "max_clients",       "max_end_devices",
                                          "max_gateways",     "max_organizations", "max_users"};

// The tenants of a database, read once. The default tenant is always among them; it has a record only when it
// was created by name.
class Register {
  public:
    Register(postgres::Connection& connection, std::string default_id, std::string current_schema);

    [[nodiscard]] bool exists() const { return exists_; }  // the tables of the register are there
    [[nodiscard]] const std::vector<TenantRecord>& tenants() const {
        return tenants_;
    }  // default first, then by ID
    [[nodiscard]] const TenantRecord* find(std::string_view id) const;
    // The tenant whose schema the database URI names: the default one, unless the URI is another tenant's
    // own.
    [[nodiscard]] const Tenant& current() const { return tenants_.at(current_).tenant; }

  private:
    void read(postgres::Connection& connection);

    bool exists_ = false;
    std::size_t current_ = 0;
    std::vector<TenantRecord> tenants_;
};

// Creates schema tti and the register's tables, with bun's bookkeeping beside them, where they are not there
// yet. Must not be called inside a transaction.
void create_register(postgres::Connection& connection);

}  // namespace tti::identity_server
