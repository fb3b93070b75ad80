#include "key_space/tenant_name.hpp"

#include <algorithm>

#include "lorawan/keys.hpp"

namespace tti::key_space {

bool is_name_of_a_server(std::string_view tenant_id) {
    return std::ranges::any_of(lorawan::key_rules(), [tenant_id](const lorawan::KeyRule& rule) {
        return rule.pattern.substr(0, rule.pattern.find(':')) == tenant_id;
    });
}

}  // namespace tti::key_space
