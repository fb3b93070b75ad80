#include "device_claiming_server/left_over.hpp"

#include "cli/table.hpp"

namespace tti::device_claiming_server {
LeftOver count_left_over(key_space::Session& session) {
    LeftOver result;
    key_space::walk(session, {.kinds = {lorawan::KeyKind::dcs_any}}, {}, [&](auto page) {
        for (const auto& found : page) {
            ++result.keys;
            const auto below = found.match.parts[0];
            const std::string name(below.substr(0, below.find(':')));
            if (result.by_name.contains(name) || result.by_name.size() < most_names) {
                ++result.by_name[name];
            } else {
                ++result.under_other_names;
            }
        }
    });
    return result;
}

std::string describe(const LeftOver& left_over) {
    cli::Table table({"below dcs", "keys"});
    for (const auto& [name, number] : left_over.by_name) table.add({name, std::to_string(number)});
    if (left_over.under_other_names > 0) {
        table.add({"(other names)", std::to_string(left_over.under_other_names)});
    }
    return table.empty() ? "" : table.text();
}

bool looks_like_a_tenant(key_space::Session& session, const key_space::FoundKey& found) {
    // The part after "dcs:" would itself be a key of some server.
    const auto below = std::string_view{found.key}.substr(session.keys().prefix().size());
    return session.keys()
        .parse(session.keys().prefix() + std::string(below.substr(below.find(':') + 1)))
        .has_value();
}

}  // namespace tti::device_claiming_server
