#include "lorawan/message_schema.hpp"

#include <stdexcept>
#include <string>
#include <vector>

#include "lorawan/message_tables.hpp"

namespace tti::lorawan {
namespace {

std::vector<MessageRule> all_messages() {
    std::vector<MessageRule> all;
    for (const auto part : {device_messages(), network_messages(), application_messages()}) {
        all.insert(all.end(), part.begin(), part.end());
    }
    return all;
}

}  // namespace

std::span<const MessageRule> message_rules() {
    static const std::vector<MessageRule> rules = all_messages();
    return rules;
}

const MessageRule& rule(MessageKind kind) {
    const MessageRule& rule = message_rules()[static_cast<std::size_t>(kind)];
    if (rule.kind != kind) throw std::logic_error("messages out of order at " + std::string(rule.name));
    return rule;
}

}  // namespace tti::lorawan
