#include "aws/secrets.hpp"

#include <algorithm>
#include <set>
#include <span>

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

// Of a name or an ARN: "…:parameter/a" is the ARN of "a" and of "/a".
std::vector<std::string> parameter_names(const std::string& name) {
    constexpr std::string_view kind = ":parameter";
    const auto after = name.starts_with("arn:") ? name.find(kind) : std::string::npos;
    if (after == std::string::npos) return {name};
    const auto path = name.substr(after + kind.size());
    return path.empty() ? std::vector<std::string>{} : std::vector<std::string>{path, path.substr(1)};
}

void find_parameters(Service& ssm, std::span<const std::string> names,
                     std::set<std::string, std::less<>>& known) {
    std::vector<std::string> forms;
    for (const auto& name : names) {
        for (auto& form : parameter_names(name)) forms.push_back(std::move(form));
    }
    nlohmann::json request{
        {"ParameterFilters",
         nlohmann::json::array({{{"Key", "Name"}, {"Option", "Equals"}, {"Values", forms}}})}};
    for (;;) {
        const auto answer = json_call(ssm, "AmazonSSM.DescribeParameters", request);
        for (const auto& parameter : list_in(answer, "Parameters")) known.insert(text_in(parameter, "Name"));
        const auto next = text_in(answer, "NextToken");
        if (next.empty()) return;
        request["NextToken"] = next;
    }
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

bool has_secret(Service& secretsmanager, const std::string& name) {
    try {
        const auto answer = json_call(secretsmanager, "secretsmanager.DescribeSecret", {{"SecretId", name}});
        return integer_in(answer, "DeletedDate") == 0;
    } catch (const ServiceError& error) {
        if (error.problem().code != "ResourceNotFoundException") throw;
        return false;
    }
}

std::vector<std::string> missing_parameters(Service& ssm, const std::vector<std::string>& names) {
    constexpr std::size_t most_at_once = 25;  // of 50, as a name may be looked for in two forms
    std::set<std::string, std::less<>> known;
    for (std::size_t first = 0; first < names.size(); first += most_at_once) {
        const auto some = std::span(names).subspan(first, std::min(most_at_once, names.size() - first));
        find_parameters(ssm, some, known);
    }
    std::vector<std::string> missing;
    for (const auto& name : names) {
        const auto forms = parameter_names(name);
        const auto is_known = [&known](const std::string& form) { return known.contains(form); };
        if (std::none_of(forms.begin(), forms.end(), is_known)) missing.push_back(name);
    }
    return missing;
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
