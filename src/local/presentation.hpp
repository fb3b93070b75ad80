#pragma once

#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "local/deployment.hpp"

namespace tti::local {

// What the commands show. Never a password, but in the environment.
std::string describe_up(const Site& site, const State& state, std::string_view next);
std::string describe_down(const Site& site, const State& state);
std::string describe_status(const Site& site, const State& state);
nlohmann::json to_json(const Site& site, const State& state);

// For this program and for the stack: both read the same variables.
std::map<std::string, std::string> environment_of(const Record& record);
std::string describe_environment(
    const std::map<std::string, std::string>& variables);  // `export NAME='value'` lines

}  // namespace tti::local
