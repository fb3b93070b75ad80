#include "identity_server/session.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "database/address.hpp"
#include "database/writer.hpp"
#include "identity_server/bring_tables.hpp"
#include "identity_server/schema_state.hpp"
#include "identity_server/use_tables.hpp"

namespace tti::identity_server {
namespace {

// Schema tti is this program's. Before the stack's own, its tables would be taken for theirs, by the stack
// too; that is so, or will be once it is made, for a role of that name.
void refuse_own_schema(const postgres::Result& row, const postgres::Uri& uri) {
    if (!row.boolean(0, 1)) return;
    throw RefusedError(
        fmt::format(
            "identity server: in {}, search_path leads to schema tti, which is for this program alone",
            uri.display()),
        "Add search_path=public to is.database-uri, or give ALTER ROLE tti SET search_path = public; a local "
        "deployment needs `local down` and `local up` once.");
}

std::string current_schema(postgres::Connection& connection, const postgres::Uri& uri) {
    const auto row = connection.execute(
        "SELECT current_schema(), coalesce(current_schema() = 'tti', false) OR (current_user = 'tti' AND "
        "current_setting('search_path') LIKE '%$user%')");
    refuse_own_schema(row, uri);
    if (row.is_null(0, 0)) {
        throw UsageError(
            fmt::format("identity server: no schema of search_path \"{}\" exists in {}",
                        uri.search_path().empty() ? "$user, public" : uri.search_path(), uri.display()),
            "Correct search_path in is.database-uri, or create the schema.");
    }
    return std::string(row.text(0, 0));
}

std::string known_ids(const Register& tenants) {
    std::string text;
    constexpr std::size_t most = 20;
    for (const auto& record : tenants.tenants()) {
        if (text.size() > most * 36) return text + ", …";
        text += (text.empty() ? "" : ", ") + record.tenant.id;
    }
    return text;
}

class Writing {
  public:
    explicit Writing(cli::Context& context)
        : context_(context),
          session_(context, context.values.boolean("dry-run") ? Access::read : Access::write),
          writer_(context, session_.uri(), operation::Area::identity_server, "is.database-uri") {}

    void run(operation::Operation& operation) { writer_.run(operation); }

    // False when nothing more can be planned: a dry run on a database without tables.
    bool bring_tables() {
        writer_.lock();
        const auto tenants = selected_tenants(session_);
        const auto states = read_states(session_.connection(), tenants);
        std::vector<Tenant> empty;
        for (const auto& tenant : tenants) {
            const auto& state = states.at(tenant.schema);
            require_known(tenant, state);
            if (state.layout() == Layout::empty) {
                empty.push_back(tenant);
            } else {
                require_up_to_date(tenant, state);
            }
        }
        if (empty.empty()) return true;
        context_.reporter.log(operation::Level::info, "The database has no tables yet; they come first.");
        BringTables bring(session_, empty);
        run(bring);
        return !writer_.dry_run();
    }

    Session& session() { return session_; }

  private:
    cli::Context& context_;
    Session session_;
    database::Writer writer_;
};

}  // namespace

Session::Session(cli::Context& context, Access access)
    : context_(context),
      access_(access),
      uri_(database::address(context.values, "is.database-uri")),
      connection_(uri_,
                  {.context = "identity server",
                   .mode = access == Access::write ? postgres::Mode::writes : postgres::Mode::read_only},
                  context.stop),
      capabilities_(postgres::ask_capabilities(connection_, context.stop)),
      current_schema_(current_schema(connection_, uri_)) {
    if (access == Access::write) postgres::require_writable(capabilities_, uri_);
}

const Register& Session::tenants() {
    if (!register_)
        register_.emplace(connection_, context_.values.text("tenancy.default-id"), current_schema_);
    return *register_;
}

Tenant Session::tenant(const std::string& id) {
    if (id.empty()) return tenants().current();
    const auto* record = tenants().find(id);
    if (record == nullptr) {
        throw UsageError(fmt::format("there is no tenant \"{}\"; known: {}", id, known_ids(tenants())),
                         fmt::format("Create it with: tti-lw-stack is-db create-tenant --id={}", id));
    }
    return record->tenant;
}

std::vector<Tenant> Session::all_tenants() {
    std::vector<Tenant> all;
    for (const auto& record : tenants().tenants()) all.push_back(record.tenant);
    return all;
}

void Session::use(const Tenant& tenant) {
    connection_.query(use_tables(connection_, tenant));
}

std::vector<Tenant> selected_tenants(Session& session) {
    const auto& values = session.context().values;
    const std::string id = values.has("tenant-id") ? values.text("tenant-id") : "";
    if (id == every_tenant) return session.all_tenants();
    return {session.tenant(id)};
}

ExitCode run_writing(cli::Context& context, Tables tables,
                     const std::function<std::unique_ptr<operation::Operation>(Session&)>& make) {
    Writing writing(context);
    if (tables == Tables::up_to_date && !writing.bring_tables()) return ExitCode::done;
    const auto operation = make(writing.session());
    writing.run(*operation);
    return ExitCode::done;
}

ExitCode run_reading(cli::Context& context, const std::function<ExitCode(Session&)>& body) {
    Session session(context, Access::read);
    return body(session);
}

}  // namespace tti::identity_server
