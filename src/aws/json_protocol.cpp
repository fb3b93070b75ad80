#include "aws/json_protocol.hpp"

#include <fmt/format.h>

namespace tti::aws {

nlohmann::json json_call(Service& service, const std::string& target, const nlohmann::json& request) {
    const auto operation = target.substr(target.find('.') + 1);
    const auto body = request.dump();
    const auto answer =
        service.send({.name = operation},
                     {.headers = {{"content-type", "application/x-amz-json-1.1"}, {"x-amz-target", target}},
                      .body = body});
    auto json = nlohmann::json::parse(answer.body, nullptr, false);
    if (!json.is_object()) {
        throw Error(ExitCode::unexpected,
                    fmt::format("AWS {} {} answered with what is no JSON", service.options().name, operation),
                    "Is the endpoint AWS's, and nothing in between?");
    }
    return json;
}

std::string text_in(const nlohmann::json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t integer_in(const nlohmann::json& object, const char* name) {
    const auto found = object.find(name);
    return found != object.end() && found->is_number() ? found->get<std::int64_t>() : 0;
}

const nlohmann::json& list_in(const nlohmann::json& object, const char* name) {
    static const auto none = nlohmann::json::array();
    const auto found = object.find(name);
    return found != object.end() && found->is_array() ? *found : none;
}

std::vector<std::string> texts_in(const nlohmann::json& object, const char* name) {
    std::vector<std::string> texts;
    for (const auto& item : list_in(object, name)) {
        if (item.is_string()) texts.push_back(item.get<std::string>());
    }
    return texts;
}

}  // namespace tti::aws
