#include "backup/key_scope.hpp"

#include <algorithm>

namespace tti::backup {
namespace {

constexpr std::string_view own = "tti:";

}  // namespace

bool KeyScope::contains(std::string_view key) const {
    return key.starts_with(below) &&
           std::ranges::none_of(without, [key](const auto& beginning) { return key.starts_with(beginning); });
}

KeyScope whole_scope(const std::vector<std::string>& other_tenants) {
    KeyScope scope{.without = {std::string(own)}};
    for (const auto& tenant : other_tenants) scope.without.push_back(tenant + ":" + std::string(own));
    return scope;
}

KeyScope tenant_scope(const std::string& tenant_id, bool is_default,
                      const std::vector<std::string>& other_tenants) {
    if (!is_default) return {tenant_id + ":", {tenant_id + ":" + std::string(own)}};
    KeyScope scope{.without = {std::string(own)}};
    for (const auto& tenant : other_tenants) scope.without.push_back(tenant + ":");
    return scope;
}

}  // namespace tti::backup
