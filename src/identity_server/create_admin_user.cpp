#include "identity_server/create_admin_user.hpp"

#include "identity_server/admin_user.hpp"
#include "identity_server/command_parts.hpp"
#include "identity_server/password_policy.hpp"
#include "identity_server/session.hpp"
#include "settings/secret_reference.hpp"

namespace tti::identity_server {
namespace {

using settings::Type;

void require_strong(const cli::Context& context, const Secret& password, const std::string& id) {
    const auto& values = context.values;
    const Check check = values.boolean("allow-weak-password")
                            ? check_password_form(password)
                            : check_password(password, id, password_requirements(values));
    if (!check) {
        throw UsageError(check.error(), "Choose another password, or add --allow-weak-password.");
    }
}

std::optional<Secret> password_for(cli::Context& context, const std::string& id) {
    require_at_most_one(context.values, {"password", "password-from", "keep-password"});
    auto password = given_secret(context, "password");
    if (context.values.boolean("keep-password")) {
        return {};
    }
    if (!password) {
        password = context.prompt.new_secret("password of user " + id, "--password-from");
    }
    require_strong(context, *password, id);
    return password;
}

AdminUserRequest admin_user_request(cli::Context& context) {
    const auto& values = context.values;
    AdminUserRequest request{.tenant_id = tenant_argument(values),
                             .id = values.text("id"),
                             .email = given_text(values, "email"),
                             .name = given_text(values, "name"),
                             .revoke_sessions = values.boolean("revoke-sessions")};
    require(values, "id", request.id, check_user_id(request.id));
    if (request.email) {
        require(values, "email", *request.email, check_email(*request.email));
    }
    if (request.name) {
        require(values, "name", *request.name, check_name(*request.name));
    }
    request.password = password_for(context, request.id);
    return request;
}

ExitCode run_create_admin_user(cli::Context& context) {
    const AdminUserRequest request = admin_user_request(context);
    return run_writing(context, Tables::up_to_date, [&](Session& session) {
        return std::make_unique<AdminUserOperation>(session, request);
    });
}

std::vector<settings::Option> admin_user_options() {
    return {
        tenant_option("tenant of the user; left out: the one that the database address names"),
        {.name = "id", .description = "ID of the user", .value_name = "ID", .default_text = "admin"},
        {.name = "email",
         .description = "e-mail address of the user, needed for a new one",
         .value_name = "ADDRESS"},
        {.name = "password",
         .type = Type::secret_text,
         .description = "password of the user; --password-from keeps it out of the process list",
         .value_name = "PASSWORD"},
        {.name = "password-from",
         .description = std::string("where the password is: ") + settings::secret_reference_forms,
         .value_name = "REFERENCE"},
        {.name = "keep-password",
         .type = Type::boolean,
         .description = "leave the password of an existing user as it is",
         .default_text = "false"},
        {.name = "name", .description = "name of the user", .value_name = "NAME"},
        {.name = "allow-weak-password",
         .type = Type::boolean,
         .description = "accept a password that the password requirements refuse",
         .default_text = "false"},
        {.name = "revoke-sessions",
         .type = Type::boolean,
         .description = "end the sessions and tokens of an existing user",
         .default_text = "false"},
    };
}

}  // namespace

cli::Command create_admin_user_command() {
    return {
        .name = "create-admin-user",
        .summary = "Create an admin user, or make an existing user one",
        .description =
            "A new user is approved, is an admin, and its e-mail address counts as validated. Of an existing "
            "user, what is "
            "given changes and the rest stays.\n\n"
            "Without --password, --password-from and --keep-password the password is asked for at the "
            "terminal. It has "
            "to meet is.user-registration.password-requirements unless --allow-weak-password is given.\n\n"
            "Running it again with the same values changes nothing.",
        .options = admin_user_options(),
        .settings = with_database_settings(password_requirement_settings()),
        .examples =
            {{"is-db create-admin-user --id=alice --email=alice@example.com "
              "--password-from=env:ADMIN_PASSWORD",
              "create admin user alice"},
             {"is-db create-admin-user --id=alice --password-from=file:/run/secrets/alice --revoke-sessions",
              "change a password, and end what was begun with the old one"}},
        .effect = cli::Effect::writes,
        .run = run_create_admin_user,
    };
}

}  // namespace tti::identity_server
