#include "aws/secrets.hpp"

#include <fmt/format.h>

#include "aws/json_protocol.hpp"

namespace tti::aws {
namespace {

constexpr std::string_view secrets_manager = "secretsmanager:";
constexpr std::string_view parameter_store = "ssm:";

Secret field_of(const Secret& value, const std::string& name, const std::string& field) {
    const auto json = nlohmann::json::parse(value.reveal(), nullptr, false);
    if (!json.is_object()) {
        throw UsageError(fmt::format("secret {} is no JSON object, so it has no field {:?}", name, field),
                         "Leave out the part after #.");
    }
    const auto found = json.find(field);
    if (found == json.end() || !found->is_string() || found->get_ref<const std::string&>().empty()) {
        std::string fields;
        for (const auto& [key, ignored] : json.items()) fields += (fields.empty() ? "" : ", ") + key;
        throw UsageError(fmt::format("secret {} has no text in a field {:?}", name, field),
                         fields.empty() ? "It has no fields." : "Its fields: " + fields + ".");
    }
    return Secret(found->get<std::string>());
}

}  // namespace

Secret get_secret_value(Service& secretsmanager, const std::string& name) {
    const auto answer = json_call(secretsmanager, "secretsmanager.GetSecretValue", {{"SecretId", name}});
    if (!answer.contains("SecretString")) {
        throw UsageError(fmt::format("secret {} is binary, and a text is needed", name));
    }
    return Secret(text_in(answer, "SecretString"));
}

Secret get_parameter(Service& ssm, const std::string& name) {
    const auto answer = json_call(ssm, "AmazonSSM.GetParameter", {{"Name", name}, {"WithDecryption", true}});
    return Secret(answer.contains("Parameter") ? text_in(answer.at("Parameter"), "Value") : "");
}

bool is_secret_reference(const std::string& reference) {
    return reference.starts_with(secrets_manager) || reference.starts_with(parameter_store);
}

Secret read_secret_reference(Session& session, const std::string& reference) {
    if (reference.starts_with(parameter_store)) {
        auto ssm = session.service("ssm");
        return get_parameter(ssm, reference.substr(parameter_store.size()));
    }
    if (!reference.starts_with(secrets_manager))
        throw UsageError("the value is no reference to a secret of AWS");
    auto name = reference.substr(secrets_manager.size());
    // Names hold no "#".
    const auto hash = name.find('#');
    const auto field = hash == std::string::npos ? std::string() : name.substr(hash + 1);
    name = name.substr(0, hash);
    auto service = session.service("secretsmanager");
    auto value = get_secret_value(service, name);
    return hash == std::string::npos ? std::move(value) : field_of(value, name, field);
}

}  // namespace tti::aws
