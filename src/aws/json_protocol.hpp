#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "aws/service.hpp"

namespace tti::aws {

// A call of the JSON protocol, which ECS, CloudWatch Logs, Secrets Manager and SSM speak: `target` is
// "Prefix.Operation". Throws Error for an answer that is no JSON object.
nlohmann::json json_call(Service& service, const std::string& target, const nlohmann::json& request);

// Of an answer; empty, 0 or no items where it is missing or of another type.
std::string text_in(const nlohmann::json& object, const char* name);
std::int64_t integer_in(const nlohmann::json& object, const char* name);
const nlohmann::json& list_in(const nlohmann::json& object, const char* name);
std::vector<std::string> texts_in(const nlohmann::json& object, const char* name);

}  // namespace tti::aws
