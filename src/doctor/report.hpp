#pragma once

#include <span>
#include <string>

#include <nlohmann/json.hpp>

#include "doctor/examination.hpp"

namespace tti::doctor {

// What --list tells.
std::string to_text(std::span<const Check> checks);
nlohmann::json to_json(std::span<const Check> checks);

// What was found.
std::string to_text(const Examination& examination);
nlohmann::json to_json(const Examination& examination);

// `done` where nothing is worse than a note, `due` otherwise.
ExitCode exit_code(const Examination& examination);

}  // namespace tti::doctor
