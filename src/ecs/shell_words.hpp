#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "util/expected.hpp"

namespace tti::ecs {

enum class Variables {
    refused,
    kept,  // as they stand, their $ being `kept_dollar`; commands in their place ($(…)) are refused all the
           // same
};
constexpr char kept_dollar = '\x01';
// The words of a command line as a POSIX shell reads them: quotes, backslashes, and lines that go on after
// one. What a shell would replace or run ($, `, |, ;, &, <, >, *) is a failure outside of single quotes,
// since no shell runs here; "*" and operators are taken as they are within double quotes.
Expected<std::vector<std::string>> parse_shell_words(std::string_view text,
                                                     Variables variables = Variables::refused);

}  // namespace tti::ecs
