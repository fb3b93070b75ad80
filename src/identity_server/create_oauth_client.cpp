#include "identity_server/create_oauth_client.hpp"

#include "identity_server/client_operation.hpp"
#include "identity_server/command_parts.hpp"
#include "identity_server/session.hpp"
#include "settings/secret_reference.hpp"

namespace tti::identity_server {
namespace {

using settings::Type;

bool for_all_tenants(const settings::Values& values) {
    return values.text("tenant-id") == every_tenant;
}

std::optional<std::vector<std::string>> uris(const settings::Values& values, const std::string& option) {
    if (!values.given(option)) {
        return {};
    }
    const auto& list = values.list(option);
    require(values, option, "", check_redirect_uri_count(list.size()));
    for (const std::string& uri : list) {
        require(values, option, uri, check_redirect_uri(uri));
    }
    return list;
}

void read_secret(cli::Context& context, ClientRequest& request) {
    const auto& values = context.values;
    require_at_most_one(values, {"secret", "secret-from", "rotate-secret", "no-secret"});
    if (const auto secret = given_secret(context, "secret")) {
        require(values, values.given("secret") ? "secret" : "secret-from", "", check_client_secret(*secret));
        request.secret = *secret;
        request.secret_change = SecretChange::given;
    } else if (values.boolean("rotate-secret")) {
        request.secret_change = SecretChange::generate;
    } else if (values.boolean("no-secret")) {
        request.secret_change = SecretChange::none;
    }
}

void read_owner(const settings::Values& values, ClientRequest& request) {
    request.owner = given_text(values, "owner");
    if (!request.owner) {
        return;
    }
    require(values, "owner", *request.owner, check_user_id(*request.owner));
    if (for_all_tenants(values)) {
        throw UsageError(
            "a client that is valid for all tenants has no owner, so --owner and --tenant-id=NULL exclude "
            "each other",
            "Leave --owner out, or name one tenant.");
    }
}

ClientRequest oauth_client_request(cli::Context& context) {
    const auto& values = context.values;
    ClientRequest request{.tenant_id = for_all_tenants(values) ? "" : tenant_argument(values),
                          .id = values.text("id"),
                          .name = given_text(values, "name"),
                          .redirect_uris = uris(values, "redirect-uri"),
                          .logout_redirect_uris = uris(values, "logout-redirect-uri"),
                          .authorized = given_boolean(values, "authorized"),
                          .endorsed = given_boolean(values, "endorsed")};
    require(values, "id", request.id, check_entity_id(request.id));
    if (request.name) {
        require(values, "name", *request.name, check_name(*request.name));
    }
    read_owner(values, request);
    read_secret(context, request);
    return request;
}

// A new client gets a generated secret where none is given.
bool may_generate_secret(const settings::Values& values) {
    const bool brings_its_own =
        values.given("secret") || values.given("secret-from") || values.boolean("no-secret");
    return !brings_its_own && !values.boolean("dry-run");
}

ExitCode run_create_oauth_client(cli::Context& context) {
    const ClientRequest request = oauth_client_request(context);
    return run_writing(context, Tables::up_to_date,
                       [&](Session& session) -> std::unique_ptr<operation::Operation> {
                           if (for_all_tenants(context.values)) {
                               return std::make_unique<GlobalClientOperation>(session, request);
                           }
                           return std::make_unique<TenantClientOperation>(session, request);
                       });
}

settings::Option flag(std::string name, std::string description, std::string default_text = "false") {
    return {.name = std::move(name),
            .type = Type::boolean,
            .description = std::move(description),
            .default_text = std::move(default_text)};
}

std::vector<settings::Option> oauth_client_options() {
    return {
        tenant_option("tenant of the client, or NULL for a client of all tenants; left out: the one that the "
                      "database address names"),
        {.name = "id", .description = "ID of the client", .value_name = "ID", .default_text = "console"},
        {.name = "name", .description = "name of the client", .value_name = "NAME"},
        {.name = "owner",
         .description = "ID of the user who gets all rights on the client",
         .value_name = "USER"},
        {.name = "secret",
         .type = Type::secret_text,
         .description = "secret of the client; --secret-from keeps it out of the process list",
         .value_name = "SECRET"},
        {.name = "secret-from",
         .description = std::string("where the secret is: ") + settings::secret_reference_forms,
         .value_name = "REFERENCE"},
        flag("rotate-secret", "generate a new secret for an existing client, and print it"),
        flag("no-secret", "make it a public client, without a secret"),
        {.name = "redirect-uri",
         .type = Type::list,
         .description = "redirect URI of the client, absolute or a path; may be given more than once",
         .value_name = "URI"},
        {.name = "logout-redirect-uri",
         .type = Type::list,
         .description = "logout redirect URI of the client, absolute or a path; may be given more than once",
         .value_name = "URI"},
        flag("authorized", "let users use the client without asking for their consent", "true"),
        flag("endorsed", "mark the client as endorsed", "true"),
    };
}

}  // namespace

cli::Command create_oauth_client_command() {
    return {
        .name = "create-oauth-client",
        .summary = "Create an OAuth client, or update one",
        .description =
            "A client is approved, may use authorization codes and refresh tokens, and has all rights. Of an "
            "existing client, what "
            "is given changes and the rest stays; its secret changes only with --secret, --secret-from, "
            "--rotate-secret or "
            "--no-secret.\n\n"
            "A new client gets a generated secret where none is given. A generated secret is printed once, "
            "after it was "
            "stored, and is never written to a log.\n\n"
            "With --tenant-id=NULL the client is valid for all tenants, those made later included.\n\n"
            "Running it again with the same values changes nothing.",
        .options = oauth_client_options(),
        .settings = with_database_settings(),
        .examples = {{"is-db create-oauth-client --tenant-id=NULL --id=cli --name=\"Command Line Interface\" "
                      "--no-secret "
                      "--redirect-uri=local-callback --redirect-uri=code",
                      "create the client of the command-line interface"},
                     {"is-db create-oauth-client --id=console --rotate-secret",
                      "give the Console a new secret"}},
        .effect = cli::Effect::writes,
        .tells_secret = may_generate_secret,
        .run = run_create_oauth_client,
    };
}

}  // namespace tti::identity_server
