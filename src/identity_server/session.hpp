#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "identity_server/register.hpp"
#include "identity_server/tenant.hpp"
#include "operation/operation.hpp"
#include "postgres/capabilities.hpp"
#include "postgres/connection.hpp"

namespace tti::identity_server {

enum class Access {
    read,   // one read-only transaction: the server refuses writes
    write,  // autocommit, on a server that takes writes and session locks
};

// The Identity Server database, open for one command.
class Session {
  public:
    // Throws UsageError for a bad is.database-uri, ConnectionError, or RefusedError when the server cannot do
    // what `access` needs.
    Session(cli::Context& context, Access access);

    postgres::Connection& connection() { return connection_; }
    [[nodiscard]] const postgres::Capabilities& capabilities() const { return capabilities_; }
    [[nodiscard]] bool dry_run() const { return access_ == Access::read; }
    cli::Context& context() { return context_; }
    [[nodiscard]] const postgres::Uri& uri() const { return uri_; }

    // Read at first use; forget_register() after it was changed.
    const Register& tenants();
    void forget_register() { register_.reset(); }
    // The tenant with that ID; "" is the one that the database URI names. Throws UsageError with the known
    // IDs.
    Tenant tenant(const std::string& id);
    std::vector<Tenant> all_tenants();
    // Unqualified names mean this tenant's tables from now on; inside a transaction, until its end.
    void use(const Tenant& tenant);

  private:
    cli::Context& context_;
    Access access_;
    postgres::Uri uri_;
    postgres::Connection connection_;
    postgres::Capabilities capabilities_;
    std::string current_schema_;
    std::optional<Register> register_;
};

// What a command's operation needs of the tables before it can plan.
enum class Tables {
    as_they_are,  // the operation looks for itself
    up_to_date,   // brought first where there are none at all; refused where they are behind or newer
};

// The tenants a command is about, from its --tenant-id option: one, or all of them for the literal NULL.
inline constexpr std::string_view every_tenant = "NULL";
std::vector<Tenant> selected_tenants(Session& session);

// Runs an operation of a writing command through the runner: run lock, plan, journal, steps. Honours
// --dry-run, --yes and --wait. With Tables::up_to_date, `make` is called when the tables of the selected
// tenants are there; in a dry run on a database without tables it is not called, and the plan of the tables
// stands for it.
ExitCode run_writing(cli::Context& context, Tables tables,
                     const std::function<std::unique_ptr<operation::Operation>(Session&)>& make);

// Runs `body` on a read-only session.
ExitCode run_reading(cli::Context& context, const std::function<ExitCode(Session&)>& body);

}  // namespace tti::identity_server
