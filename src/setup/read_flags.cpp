#include <algorithm>

#include <fmt/format.h>

#include "setup/fields.hpp"
#include "setup/given.hpp"

namespace tti::setup {
namespace {

bool is_item_key(const ListField& list, std::string_view key) {
    return std::ranges::any_of(list.items, [&](const Field& field) { return field.option.name == key; });
}

// "id=acme", "name=Acme", "id=beta": each id begins another item.
void add_items(Given& given, const ListField& list, const std::vector<std::string>& parts) {
    const auto where = "flag --" + list.option.name;
    auto& items = given.lists[list.option.name];
    items.clear();
    for (const auto& part : parts) {
        const auto equals = part.find('=');
        const auto key = part.substr(0, equals);
        if (equals == std::string::npos || !is_item_key(list, key) || (items.empty() && key != "id")) {
            given.problems.push_back({0, fmt::format("{}: accepted: {}, each beginning with its id", where,
                                                     list.option.value_name)});
            continue;
        }
        if (key == "id") items.push_back({where, 0, {}});
        items.back().texts[key] = {part.substr(equals + 1), where, 0};
    }
}

}  // namespace

void add_flags(Given& given, const settings::Values& values) {
    for (const auto& field : fields()) {
        const auto& name = field.option.name;
        if (!values.given(name) || values.source(name).origin != settings::Origin::flag) continue;
        given.texts[name] = {values.display(name, false), values.source(name).where, 0};
    }
    for (const auto& list : list_fields()) {
        if (values.given(list.option.name)) add_items(given, list, values.list(list.option.name));
    }
}

}  // namespace tti::setup
