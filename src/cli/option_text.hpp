#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace tti::cli {

// What help, manual and reference say about options, once for all of them.

// "PATH"; empty for a boolean.
std::string value_name(const settings::Option& option);
// "-c, --config PATH"; "FILE" for an argument.
std::string flag_syntax(const settings::Option& option);
// "required", "json or text", "default: 0s", "may be repeated", in this order.
std::vector<std::string> option_facts(const settings::Option& option);

struct OptionGroup {
    std::string title;
    std::vector<settings::Option> options;  // without hidden ones
    bool from_environment = false;          // variables and files are read for them too
};

// The options that `command` takes, in groups for display; empty groups are left out.
std::vector<OptionGroup> option_groups(const Command& command, const std::vector<settings::Option>& settings);

// The settings that a run of `command` resolves: those it declares, and those that shape every output.
std::vector<settings::Option> settings_of(const Command& command,
                                          const std::vector<settings::Option>& settings);

// "tti-lw-stack restore [OPTIONS] FILE", or "… COMMAND" for a group.
std::string usage_line(const Path& path, const Command& command);

// The summary with a capital at its start.
std::string summary_of(const Command& command);

// Paragraphs of a description, without line breaks at their ends.
std::vector<std::string> paragraphs(const std::string& description);

}  // namespace tti::cli
