#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace tti::cli {

// A page of the reference, rendered from what the program knows. Pages name each other as NAME.md.
struct ReferencePage {
    std::string name;     // "exit-codes"
    std::string summary;  // a phrase
    // Markdown; the title is its only heading of the first level.
    std::function<std::string(const Command& program)> text;
};

// Commands, settings and exit codes.
std::vector<ReferencePage> own_reference_pages();

// A table cell: a bar would end it, and what stands in angle brackets would be markup.
std::string cell(std::string_view text);

// A table cell that is set as code.
std::string code_cell(std::string_view text);

}  // namespace tti::cli
