#include "key_space/key_reference.hpp"

#include <string>

#include <fmt/format.h>

#include "lorawan/keys.hpp"

namespace tti::key_space {
namespace {

constexpr std::string_view introduction =
    "# Keys in Redis\n\nAll of them stand below `redis.namespace`, and below the tenant's ID where there are "
    "tenants: `ttn:v3:` unless set otherwise. In braces stands what differs from key to key; `{rest}` is "
    "anything. A key that no command removes goes by itself, or is needed.\n\n";

std::string row(const lorawan::KeyRule& rule) {
    return fmt::format("| {} | {} | {} | {} |\n", cli::code_cell(rule.pattern), rule.type,
                       cli::cell(rule.words), rule.freed_by.empty() ? "" : cli::code_cell(rule.freed_by));
}

std::string page(const cli::Command& /*program*/) {
    std::string text(introduction);
    const lorawan::KeyRule* before = nullptr;
    // The rules are in the order of their owners.
    for (const auto& rule : lorawan::key_rules()) {
        if (before == nullptr || before->owner != rule.owner) {
            text += fmt::format("{}## {}\n\n| Key | Type | What | Removed by |\n|---|---|---|---|\n",
                                before == nullptr ? "" : "\n", describe(rule.owner));
        }
        text += row(rule);
        before = &rule;
    }
    return text;
}

}  // namespace

cli::ReferencePage keys_page() {
    return {"keys", "every key in Redis", page};
}

}  // namespace tti::key_space
