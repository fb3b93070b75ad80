#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "settings/values.hpp"

namespace tti::setup {

// A text that somebody wrote, and where.
struct Text {
    std::string text;
    std::string where;  // "deployment.yml line 3", "flag --domain"
    int line = 0;       // in the file; 0: a flag
};

using Texts = std::map<std::string, Text, std::less<>>;

// An item of a list, such as one tenant.
struct Item {
    std::string where;
    int line = 0;
    Texts texts;
};

// What is wrong with something that was given, as a sentence with its place.
struct Problem {
    int line = 0;
    std::string sentence;
};

// What was said of a deployment, not yet judged but for its shape.
struct Given {
    Texts texts;                                                  // by the names of fields()
    std::map<std::string, std::vector<Item>, std::less<>> lists;  // by those of list_fields()
    std::vector<Problem> problems;
};

// Reads the file's text; what has the wrong shape becomes a problem. Throws UsageError for what is no YAML.
// `path` is the file as the operator would recognise it.
Given read_file_text(const std::string& path, const std::string& text);

// Flags go before what the file says; a list replaces the file's.
void add_flags(Given& given, const settings::Values& values);

}  // namespace tti::setup
