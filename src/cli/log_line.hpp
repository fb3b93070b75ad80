#pragma once

#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "operation/reporter.hpp"
#include "settings/values.hpp"

namespace tti::cli {

// How log lines look, as log.level and log.format say.
struct LogStyle {
    operation::Level least = operation::Level::info;
    bool json = false;
    bool colour = false;
};

std::string_view name_of(operation::Level level);  // "info"

// Colours are used where COLORTERM asks for them and NO_COLOR is empty, on a terminal only. Options that were
// not declared have their default.
LogStyle log_style(const settings::Values& values, const std::map<std::string, std::string>& environment,
                   bool interactive);

// The stack's own shape, without a line break: "INFO<TAB>message<TAB>{fields}", or
// {"level":"info","msg":"…",fields}.
std::string log_line(operation::Level level, std::string_view message, const nlohmann::json& fields,
                     const LogStyle& style);

// JSON on one line; text that is not UTF-8 does not stop it.
std::string json_text(const nlohmann::json& data);

}  // namespace tti::cli
