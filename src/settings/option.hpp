#pragma once

#include <optional>
#include <string>
#include <vector>

namespace tti::settings {

enum class Type {
    boolean,   // --flag, --flag=true; 1 t T TRUE true True, 0 f F FALSE false False
    integer,   // decimal or 0x
    duration,  // Go's syntax: 1h30m, 36h, 10ms; a bare number in environment and files is nanoseconds, and
               // is warned about
    text,
    secret_text,  // like text; held as tti::Secret and masked wherever it is shown
    secret_list,  // like list, but commas and white space separate everywhere; each item is a tti::Secret
    list,         // flag: repeated and/or CSV; environment: white space; YAML: list or white space
    time,         // RFC 3339
};

// An option as data. Parser, help, manual, completion, reference and the environment name all come from here.
struct Option {
    std::string name;  // "tenant-id", "is.database-uri"; in files and flags as it stands
    Type type = Type::text;
    std::string description;        // one line, starts in lower case, no full stop
    std::string value_name = {};    // "ID", "DURATION"; for help
    std::string default_text = {};  // in flag syntax; empty: none
    std::vector<std::string> choices =
        {};  // accepted texts, in any case (the value has this spelling); empty: any
    bool required = false;
    bool hidden = false;  // works, but is not shown in help and completion
    char short_name = 0;
    bool unit_optional = false;  // a duration that may be a bare number as a flag too
    bool positional = false;     // an argument: stands on the command line without "--name"
};

// "is.database-uri" -> "TTN_LW_IS_DATABASE_URI", the stack's rule.
std::string environment_name(const std::string& option_name);

// As it is called in messages: "--tenant-id", or "FILE" for an argument.
std::string shown_name(const Option& option);

}  // namespace tti::settings
