#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace tti::cli {

// "tti-lw-stack-is-db-migrate.1"
std::string man_page_name(const Path& path);

// One page of section 1 in roff. Holds no date, so that equal builds make equal pages.
std::string man_page(const Path& path, const Command& command, const std::vector<settings::Option>& settings);

}  // namespace tti::cli
