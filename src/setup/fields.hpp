#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "settings/option.hpp"

namespace tti::setup {

// What can be said of a deployment, as data. The keys of the file, the flags and the example are made of it.
struct Field {
    settings::Option option;   // its name is the dotted key in the file, and the flag
    std::string example = {};  // what the example says; empty: the field is left out there
};

// A list of maps, such as tenants. As a flag, `--NAME id=acme,name=Acme`: each id begins another item.
struct ListField {
    settings::Option option;
    std::vector<Field> items;                             // "id" first
    std::vector<std::vector<std::string>> examples = {};  // values in the order of `items`; empty: left out
};

// In the order of the example. tenancy.default-id is among them, and is a setting of the stack as well.
std::span<const Field> fields();
std::span<const ListField> list_fields();

// All but tenancy.default-id, which is a flag anyway.
std::vector<settings::Option> flags();

// A commented file to begin with.
std::string example();

}  // namespace tti::setup
