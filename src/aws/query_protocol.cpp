#include "aws/query_protocol.hpp"

#include <fmt/format.h>

namespace tti::aws {

Xml::Xml(const std::string& text, std::string_view where) {
    const auto result = document_.load_buffer(text.data(), text.size());
    if (!result) {
        throw Error(ExitCode::unexpected,
                    fmt::format("{} answered with what is no XML: {}", where, result.description()),
                    "Is the endpoint AWS's, and nothing in between?");
    }
}

pugi::xml_node Xml::find(std::string_view name) const {
    return document_.find_node([name](const pugi::xml_node& node) { return node.name() == name; });
}

Xml query_call(Service& service, const std::string& action, const std::string& version,
               const Parameters& parameters) {
    Parameters form{{"Action", action}, {"Version", version}};
    for (const auto& [name, value] : parameters) {
        if (!value.empty()) form.emplace_back(name, value);
    }
    const auto body = query_encoded(form);
    const auto answer = service.send(
        {.name = action},
        {.headers = {{"content-type", "application/x-www-form-urlencoded; charset=utf-8"}}, .body = body});
    return {answer.body, fmt::format("AWS {} {}", service.options().name, action)};
}

}  // namespace tti::aws
