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

std::optional<MessageKind> message_at(const Keys::Match& key) {
    switch (key.kind) {
        case KeyKind::ns_device:
        case KeyKind::as_device:
        case KeyKind::js_device:
            return MessageKind::end_device;
        case KeyKind::ns_scheduled_downlink:
            return MessageKind::downlink_message;
        case KeyKind::as_link:
            return MessageKind::application_link;
        case KeyKind::as_pubsub:
            return MessageKind::application_pub_sub;
        case KeyKind::as_webhook:
            return MessageKind::application_webhook;
        case KeyKind::as_package:
            return key.parts[0].find('.') == std::string_view::npos
                       ? MessageKind::application_package_default_association
                       : MessageKind::application_package_association;
        case KeyKind::js_session_key:
            return MessageKind::session_keys;
        case KeyKind::js_activation_settings:
            return MessageKind::application_activation_settings;
        default:
            return std::nullopt;
    }
}

}  // namespace tti::lorawan
