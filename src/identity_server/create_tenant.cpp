#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "identity_server/apply.hpp"
#include "identity_server/bring_tables.hpp"
#include "identity_server/command_parts.hpp"
#include "identity_server/global_clients.hpp"
#include "identity_server/rules.hpp"
#include "identity_server/schema_state.hpp"
#include "identity_server/session.hpp"
#include "identity_server/tenants.hpp"
#include "operation/failure_point.hpp"

namespace tti::identity_server {
namespace {

// Flag, column and word of what the register keeps besides the ID.
struct Field {
    const char* flag;
    const char* column;
};
constexpr std::array text_fields{Field{"name", "name"}, Field{"description", "description"},
                                 Field{"state-description", "state_description"}};
constexpr std::array limit_fields{
    Field{"max-applications", "max_applications"},   Field{"max-clients", "max_clients"},
    Field{"max-end-devices", "max_end_devices"},     Field{"max-gateways", "max_gateways"},
    Field{"max-organizations", "max_organizations"}, Field{"max-users", "max_users"}};

struct Column {
    std::string name;
    postgres::Parameter value;
};

// What the operator gave, column by column; what is left out stays as it is.
struct TenantRequest {
    std::string id;
    std::vector<Column> columns;
};

nlohmann::json parse_attributes(const std::vector<std::string>& pairs) {
    auto attributes = nlohmann::json::object();
    constexpr std::size_t longest_value = 200;
    constexpr std::size_t most = 10;
    for (const auto& pair : pairs) {
        const auto equals = pair.find('=');
        const auto key = pair.substr(0, equals);
        if (equals == std::string::npos || !check_entity_id(key) ||
            !check_text(std::string_view(pair).substr(equals + 1), "a value", longest_value)) {
            throw UsageError(
                fmt::format("option --attribute = \"{}\": accepted: KEY=VALUE, the key of 3 to 36 lower-case "
                            "letters, digits and single dashes, the value of at most {} characters",
                            pair, longest_value));
        }
        attributes[key] = pair.substr(equals + 1);
    }
    if (attributes.size() > most)
        throw UsageError(fmt::format("option --attribute: at most {} attributes", most));
    return attributes;
}

TenantRequest tenant_request(const settings::Values& values) {
    TenantRequest request{.id = values.text("id")};
    if (request.id.empty()) request.id = values.text("tenancy.default-id");
    require(values, "id", request.id, check_tenant_id(request.id));
    require(values, "name", values.text("name"), check_name(values.text("name")));
    constexpr std::size_t longest_description = 2000;
    constexpr std::size_t longest_state_description = 128;
    require(values, "description", "",
            check_text(values.text("description"), "a description", longest_description));
    require(values, "state-description", "",
            check_text(values.text("state-description"), "a state description", longest_state_description));
    for (const auto& field : text_fields) {
        if (!values.given(field.flag)) continue;
        const auto& text = values.text(field.flag);
        request.columns.push_back(
            {field.column, text.empty() ? postgres::Parameter() : postgres::Parameter(text)});
    }
    for (const auto& field : limit_fields) {
        if (!values.given(field.flag)) continue;
        const auto limit = values.integer(field.flag);
        if (limit < -1)
            throw UsageError(fmt::format("option --{} must be a limit, or -1 for none", field.flag));
        request.columns.push_back(
            {field.column, limit < 0 ? postgres::Parameter() : postgres::Parameter(std::to_string(limit))});
    }
    if (values.given("state")) {
        request.columns.push_back(
            {"state", std::to_string(static_cast<int>(*parse_state(values.text("state"))))});
        // As in the stack: a new state without words of its own clears the old state's.
        if (!values.given("state-description"))
            request.columns.push_back({"state_description", std::nullopt});
    }
    if (values.given("attribute")) {
        request.columns.push_back({"attributes", parse_attributes(values.list("attribute")).dump()});
    }
    return request;
}

class CreateTenant final : public operation::Operation {
  public:
    CreateTenant(Session& session, TenantRequest request) : session_(session), request_(std::move(request)) {}

    operation::Plan plan() override {
        operation::Plan plan{.title = fmt::format("create tenant {}", request_.id)};
        const auto& tenants = session_.tenants();
        const auto* record = tenants.find(request_.id);
        tenant_ = record != nullptr ? record->tenant : Tenant{request_.id, schema_for(request_.id), false};
        registered_ = tenants.exists() && record != nullptr && !record->created_at.empty();
        const auto state = read_states(session_.connection(), {tenant_}).at(tenant_.schema);
        require_known(tenant_, state);
        bring_tables_ = state.layout() == Layout::empty;
        if (!bring_tables_) require_up_to_date(tenant_, state);
        if (registered_ && !bring_tables_ && !changes()) return plan;
        plan.steps.push_back(step());
        return plan;
    }

    std::string result_text() override {
        if (!done_) {
            return fmt::format("nothing to do: tenant {} is as asked, in schema {}", tenant_.id,
                               tenant_.schema);
        }
        return fmt::format("{} tenant {} in schema {}", registered_ ? "updated" : "created", tenant_.id,
                           tenant_.schema);
    }
    nlohmann::json result_data() override {
        return {{"tenant_id", tenant_.id},
                {"schema", tenant_.schema},
                {"created", done_ && !registered_},
                {"updated", done_ && registered_}};
    }

  private:
    [[nodiscard]] bool changes() {
        return std::ranges::any_of(request_.columns, [this](const auto& column) {
            const auto row = session_.connection().query(
                fmt::format("SELECT {0} IS DISTINCT FROM $2::{1} FROM tti.tenants WHERE tenant_id = $1",
                            column.name, type_of(column.name)),
                {tenant_.id, column.value});
            return row.boolean(0, 0);
        });
    }

    static std::string_view type_of(const std::string& column) {
        if (column == "attributes") return "jsonb";
        if (column == "state") return "integer";
        return column.starts_with("max_") ? "bigint" : "text";
    }

    operation::Step step() {
        operation::Step step{.name = registered_ ? "update tenant" : "create tenant"};
        step.what = bring_tables_
                        ? fmt::format("create schema {} with its tables, and register tenant {}",
                                      tenant_.schema, tenant_.id)
                        : fmt::format("register tenant {} with schema {}", tenant_.id, tenant_.schema);
        if (registered_ && !bring_tables_) step.what = fmt::format("update tenant {}", tenant_.id);
        step.why = registered_ ? "something else was given" : "it is not registered";
        step.lock = operation::Lock::rows;
        step.undo = registered_ ? "" : fmt::format("is-db delete-tenant --id={}", tenant_.id);
        step.run = [this](operation::StepContext& context) { execute(context); };
        return step;
    }

    void execute(operation::StepContext& context) {
        auto& connection = session_.connection();
        create_register(connection);
        if (bring_tables_ && tenant_.is_default) try_extension(connection);
        // Everything of a tenant appears at once or not at all; its tables are new, so nobody waits for them.
        postgres::Transaction transaction(connection);
        if (bring_tables_) create_tables(session_, tenant_);
        write_record(connection);
        session_.forget_register();
        if (!tenant_.is_default || bring_tables_) write_global_clients(connection, tenant_);
        operation::failure_point("inside create tenant");
        transaction.commit();
        context.count(registered_ ? "tenants updated" : "tenants created", 1);
        done_ = true;
    }

    void write_record(postgres::Connection& connection) {
        connection.query(
            "INSERT INTO tti.tenants (tenant_id, schema_name) VALUES ($1, $2) ON CONFLICT (tenant_id) DO "
            "NOTHING",
            {tenant_.id, tenant_.schema});
        for (const auto& column : request_.columns) {
            connection.query(
                fmt::format("UPDATE tti.tenants SET {} = $2::{}, updated_at = now() WHERE tenant_id = $1",
                            column.name, type_of(column.name)),
                {tenant_.id, column.value});
        }
    }

    Session& session_;
    TenantRequest request_;
    Tenant tenant_;
    bool registered_ = false;
    bool bring_tables_ = false;
    bool done_ = false;
};

std::vector<settings::Option> create_tenant_options() {
    using settings::Type;
    std::vector<settings::Option> options{
        {.name = "id",
         .description = "ID of the tenant; tenancy.default-id when left out",
         .value_name = "ID"},
        {.name = "name", .description = "name for people, at most 50 characters", .value_name = "NAME"},
        {.name = "description", .description = "at most 2000 characters", .value_name = "TEXT"},
        {.name = "state",
         .description = "state of the tenant; approved when it is new",
         .value_name = "STATE",
         .choices = {"requested", "approved", "rejected", "flagged", "suspended"}},
        {.name = "state-description",
         .description = "why the tenant is in that state, at most 128 characters",
         .value_name = "TEXT"},
        {.name = "attribute",
         .type = Type::list,
         .description = "an attribute; may be repeated, replaces all",
         .value_name = "KEY=VALUE"}};
    for (const auto& field : limit_fields) {
        std::string what(field.flag + 4);  // after "max-"
        for (auto& letter : what) letter = letter == '-' ? ' ' : letter;
        options.push_back({.name = field.flag,
                           .type = Type::integer,
                           .description = fmt::format("most {} of the tenant; -1 for no limit", what),
                           .value_name = "N"});
    }
    return options;
}

}  // namespace

cli::Command create_tenant_command() {
    return {.name = "create-tenant",
            .summary = "Create a tenant, or update what is given of one that exists",
            .description =
                "A tenant is a schema of its own with the stack's unmodified tables; the default tenant "
                "lives in the schema that "
                "is.database-uri names. OAuth clients that are valid for all tenants are written into it. "
                "Run again with "
                "the same values it changes nothing.",
            .options = create_tenant_options(),
            .settings = {"is.database-uri", "tenancy.default-id"},
            .examples = {{"is-db create-tenant --id=acme --name=Acme", "create the tenant acme"},
                         {"is-db create-tenant", "register the default tenant"}},
            .effect = cli::Effect::writes,
            .run = [](cli::Context& context) {
                auto request = tenant_request(context.values);
                return run_writing(context, Tables::as_they_are, [&request](Session& session) {
                    return std::make_unique<CreateTenant>(session, std::move(request));
                });
            }};
}

}  // namespace tti::identity_server
