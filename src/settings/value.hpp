#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "settings/option.hpp"
#include "util/expected.hpp"
#include "util/secret.hpp"

namespace tti::settings {

using Time = std::chrono::sys_time<std::chrono::microseconds>;
using Value = std::variant<bool, std::int64_t, std::chrono::nanoseconds, std::string, Secret,
                           std::vector<std::string>, std::vector<Secret>, Time>;

// Where a text stands decides how it is read: lists differ, and a bare number is a duration only outside
// flags.
enum class Syntax { flag, environment, file };

// Reads one text as the option's type. A failure says what is accepted ("accepted: …"), without the option's
// name.
Expected<Value> parse_value(const Option& option, std::string_view text, Syntax syntax);
// The same for a list of which the items are known already, such as one of YAML.
Expected<Value> parse_list_items(const Option& option, std::vector<std::string> items);

Expected<bool> parse_boolean(std::string_view text);
Expected<std::int64_t> parse_integer(std::string_view text);
Expected<std::chrono::nanoseconds> parse_duration(std::string_view text, Syntax syntax);
// Whether the text is a number without a unit, other than 0: as a duration it is nanoseconds, which is seldom
// meant.
bool is_bare_number(std::string_view text);
Expected<Time> parse_time(std::string_view text);

// "24h0m0s", the form in which the stack prints durations.
std::string format_duration(std::chrono::nanoseconds duration);
// RFC 3339 in UTC with microseconds where they are not zero.
std::string format_time(Time time);

}  // namespace tti::settings
