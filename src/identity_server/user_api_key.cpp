#include "identity_server/user_api_key.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "identity_server/accounts.hpp"
#include "identity_server/command_parts.hpp"
#include "identity_server/password_hash.hpp"
#include "identity_server/row_change.hpp"

namespace tti::identity_server {
namespace {

constexpr const char* rights = "{55}";  // RIGHT_ALL
constexpr const char* rights_name = "RIGHT_ALL";
constexpr const char* created_at_text =
    R"(to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))";

}  // namespace

std::vector<std::string> api_key_fields() {
    return {"Id", "Key", "Name", "Rights", "CreatedAt", "UpdatedAt", "ExpiresAt"};
}

ApiKeyOperation::ApiKeyOperation(Session& session, ApiKeyRequest request)
    : session_(session),
      request_(std::move(request)),
      tenant_(session.tenant(request_.tenant_id)),
      token_(generate_api_key()) {}

operation::Plan ApiKeyOperation::plan() {
    require_user(session_.connection(), tenant_, request_.user_id, Locking::none);
    operation::Plan plan{
        .title = fmt::format("create an API key of user {} of {}", request_.user_id, describe(tenant_))};
    plan.steps.push_back({.name = "create-api-key",
                          .what = fmt::format("add API key \"{}\" with all rights", request_.name),
                          .why = "each run adds another key",
                          .touches = {{"API keys", 1}},
                          .lock = operation::Lock::rows,
                          .undo = "delete the key in the Console",
                          .run = [this](operation::StepContext& context) { run(context); }});
    if (!request_.expires_at) {
        plan.notes.emplace_back("The key does not expire; --api-key-expiry sets an end.");
    }
    return plan;
}

void ApiKeyOperation::run(operation::StepContext& context) {
    auto& connection = session_.connection();
    postgres::Transaction transaction(connection);
    const Account user = require_user(connection, tenant_, request_.user_id, Locking::for_update);
    RowChange key;
    key.set("api_key_id", token_.id);
    key.set("key", hash_password(token_.key, token_iterations));
    key.set("rights", rights);
    key.set("name", request_.name.empty() ? postgres::Parameter{} : postgres::Parameter{request_.name});
    key.set("entity_id", user.entity_id);
    key.set("entity_type", "user");
    if (request_.expires_at) {
        key.set("expires_at", settings::format_time(*request_.expires_at));
    }
    created_at_ = connection.query(key.insert(qualified(tenant_, "api_keys"), created_at_text)).text(0, 0);
    transaction.commit();
    context.count("API keys", 1);
}

nlohmann::json ApiKeyOperation::result_data() {
    nlohmann::json data{{"id", token_.id},
                        {"key", token_.text.reveal()},
                        {"rights", {rights_name}},
                        {"created_at", created_at_},
                        {"updated_at", created_at_}};
    if (!request_.name.empty()) {
        data["name"] = request_.name;
    }
    if (request_.expires_at) {
        data["expires_at"] = settings::format_time(*request_.expires_at);
    }
    return data;
}

std::string ApiKeyOperation::result_text() {
    if (request_.output.is_json()) {
        // In the order in which the stack prints them.
        const auto data = result_data();
        nlohmann::ordered_json ordered;
        for (const char* field : {"id", "key", "name", "rights", "created_at", "updated_at", "expires_at"}) {
            if (data.contains(field)) {
                ordered[field] = data[field];
            }
        }
        return ordered.dump(2);
    }
    return request_.output.render(
        {{"Id", token_.id},
         {"Key", token_.text.reveal()},
         {"Name", request_.name},
         {"Rights", fmt::format("[{}]", rights_name)},
         {"CreatedAt", created_at_},
         {"UpdatedAt", created_at_},
         {"ExpiresAt", request_.expires_at ? settings::format_time(*request_.expires_at) : ""}});
}

}  // namespace tti::identity_server
