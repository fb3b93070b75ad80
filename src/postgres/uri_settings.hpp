#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "util/expected.hpp"

namespace tti::postgres {

// One name and value of a database address, and where the value stands in the text as written (quotes
// included).
struct UriSetting {
    std::string name;  // as libpq calls it
    std::string value;
    std::size_t begin = 0;
    std::size_t length = 0;
};

bool is_url(std::string_view text);
Expected<std::vector<UriSetting>> parse_url(std::string_view text);
Expected<std::vector<UriSetting>> parse_keywords(std::string_view text);

// 'a b\'s', as libpq reads it.
std::string quote_keyword_value(std::string_view value);

}  // namespace tti::postgres
