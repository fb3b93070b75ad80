#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "settings/option.hpp"
#include "settings/value.hpp"

namespace tti::settings {

// What stands behind one key of a file, not yet read as the type of an option.
struct FileValue {
    enum class Shape { scalar, list, map, nested_list };  // nested_list: with an item that is no scalar
    Shape shape = Shape::scalar;
    std::vector<std::string> items = {};  // exactly one for a scalar
    int line = 0;                         // of the key, from 1
};

// A YAML file as dotted keys in lower case, nested maps or not. Keys without a value are absent.
struct ConfigFile {
    std::string path;  // as the operator would recognise it
    std::map<std::string, FileValue, std::less<>> values;

    [[nodiscard]] std::string where(const FileValue& value) const;  // "/etc/x.yml line 3"
};

// `is_option` tells where a map ends being a group: a map behind an option's name is a value (and wrong).
// Throws UsageError with path and line for text that is not a YAML map. Merge keys (<<) work.
ConfigFile parse_config_file(const std::string& path, const std::string& text,
                             const std::function<bool(std::string_view)>& is_option);

Expected<Value> parse_file_value(const Option& option, const FileValue& value);
// For messages: the text in quotes, or what else it is.
std::string describe(const FileValue& value);

}  // namespace tti::settings
