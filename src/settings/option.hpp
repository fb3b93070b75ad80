#pragma once

#include <optional>
#include <string>
#include <vector>

namespace tti::settings {

enum class Type {
    boolean,   // --flag, --flag=true; 1 t T TRUE true True, 0 f F FALSE false False
    integer,   // decimal or 0x
    duration,  // Go's syntax: 1h30m, 36h, 10ms; a bare number in environment and files is nanoseconds
    text,
    secret_text,  // like text; held as tti::Secret and masked wherever it is shown
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
};

// "is.database-uri" -> "TTN_LW_IS_DATABASE_URI", the stack's rule.
std::string environment_name(const std::string& option_name);

}  // namespace tti::settings
