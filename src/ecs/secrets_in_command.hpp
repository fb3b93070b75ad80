#pragma once

#include <string>
#include <vector>

#include "cli/parser.hpp"

namespace tti::ecs {

// A secret that stands in a command line as it is. In a task's override it can be read by everybody who may
// describe tasks, and stays in CloudTrail.
struct LiteralSecret {
    std::string option;   // "--secret"
    std::string instead;  // where it belongs: "--secret-from=secretsmanager:NAME#FIELD", "variable TTN_LW_…"
};

// In the order of the line; `settings` are those that it was parsed with. An empty value is no secret, a
// reference to one neither.
std::vector<LiteralSecret> secrets_in_command(const cli::ParsedLine& line,
                                              const std::vector<settings::Option>& settings);

// Throws RefusedError for the first one, with where it belongs; no value is in the message.
void require_no_secret(const cli::ParsedLine& line, const std::vector<settings::Option>& settings);

// By which an operator takes the risk all the same.
settings::Option allow_secret_option();

}  // namespace tti::ecs
