#include "identity_server/create_user_api_key.hpp"

#include "identity_server/command_parts.hpp"
#include "identity_server/session.hpp"
#include "identity_server/user_api_key.hpp"

namespace tti::identity_server {
namespace {

Check check_expiry(settings::Time expires_at) {
    if (expires_at <= std::chrono::system_clock::now()) {
        return unexpected("the time is not in the future");
    }
    return {};
}

ApiKeyRequest api_key_request(cli::Context& context) {
    const auto& values = context.values;
    ApiKeyRequest request{.tenant_id = tenant_argument(values),
                          .user_id = values.text("user-id"),
                          .name = values.text("name"),
                          .expires_at = values.time("api-key-expiry")};
    require(values, "user-id", request.user_id, check_user_id(request.user_id));
    require(values, "name", request.name, check_name(request.name));
    if (request.expires_at) {
        require(values, "api-key-expiry", settings::format_time(*request.expires_at),
                check_expiry(*request.expires_at));
    }
    const std::string& format = values.text("output-format");
    auto output = OutputTemplate::parse(format, api_key_fields());
    require(values, "output-format", format, output.map([](const auto&) {}));
    request.output = *std::move(output);
    return request;
}

ExitCode run_create_user_api_key(cli::Context& context) {
    const ApiKeyRequest request = api_key_request(context);
    return run_writing(context, Tables::up_to_date,
                       [&](Session& session) { return std::make_unique<ApiKeyOperation>(session, request); });
}

std::vector<settings::Option> api_key_options() {
    return {
        tenant_option("tenant of the user; left out: the one that the database address names"),
        {.name = "user-id", .description = "ID of the user", .value_name = "ID", .default_text = "admin"},
        {.name = "name",
         .description = "name of the API key",
         .value_name = "NAME",
         .default_text = "admin-api-key"},
        {.name = "api-key-expiry",
         .type = settings::Type::time,
         .description = "when the key expires, as 2030-01-31T00:00:00Z; left out: never",
         .value_name = "TIME"},
    };
}

}  // namespace

cli::Command create_user_api_key_command() {
    return {
        .name = "create-user-api-key",
        .summary = "Create an API key with all rights for a user",
        .description =
            "Each run adds another key. The key is printed once, after it was stored, and is never written "
            "to a log. "
            "The setting output-format changes what is printed: json, or a text with fields such as "
            "{{.Id}} and {{.Key}}.",
        .options = api_key_options(),
        .settings = with_database_settings({"output-format"}),
        .examples = {{"is-db create-user-api-key --user-id=alice --api-key-expiry=2030-01-31T00:00:00Z",
                      "add a key that expires"},
                     {"is-db create-user-api-key --output-format='{{.Key}}'", "print the key alone"}},
        .effect = cli::Effect::writes,
        .tells_secret = [](const settings::Values& values) { return !values.boolean("dry-run"); },
        .run = run_create_user_api_key,
    };
}

}  // namespace tti::identity_server
