#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "settings/values.hpp"

namespace tti::settings {

// What a run is made of, so that a test can stand in for the process: environment, folders, flags as parsed.
struct Surroundings {
    std::map<std::string, std::string> environment;
    std::filesystem::path working_directory;
};
Surroundings process_surroundings();

// A flag as it stood on the command line, in order; a bare boolean has the value "true".
struct FlagText {
    std::string name;
    std::string text;
};

struct Warning {
    std::string message;
};

struct Resolution {
    Values values;
    std::vector<Warning> warnings;  // misspelt options of groups that are ours, default files that cannot be
                                    // read, durations without a unit
    std::vector<std::filesystem::path> files;  // the files that were read
};

// Resolves `settings` (dotted, from all sources) and `flags` (the command's own, from the command line
// alone): defaults < files < environment < flags. Throws UsageError with the option, the value, its source
// and what is accepted, one line for each bad value. Only the winning source of an option is read. A file
// named by flag or TTN_LW_CONFIG must exist; default files are skipped where absent.
Resolution resolve(const std::vector<Option>& settings, const std::vector<Option>& flags,
                   const std::vector<FlagText>& given, const Surroundings& surroundings);

// The same without files and environment, for commands that need no settings.
Resolution resolve_flags(const std::vector<Option>& flags, const std::vector<FlagText>& given);

}  // namespace tti::settings
