#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "key_space/session.hpp"
#include "lorawan/eui.hpp"
#include "lorawan/identifiers.hpp"
#include "lorawan/keys.hpp"
#include "lorawan/message_json.hpp"
#include "settings/option.hpp"

namespace tti::key_space {

// What the inspect commands share: what is looked at, records as people read them, and the page that is
// shown. The page is data; its text is made of the same.

// The argument "device": a device UID, a DevEUI, JoinEUI:DevEUI, or a DevAddr (8 hex digits).
std::vector<settings::Option> inspect_arguments();
// --tenant-id and --show-keys.
std::vector<settings::Option> inspect_options();
lorawan::Secrets shown_secrets(const cli::Context& context);

struct Subject {
    enum class Kind : std::uint8_t { device, dev_eui, eui_pair, dev_addr };
    Kind kind = Kind::device;
    lorawan::DeviceUid device;
    lorawan::Eui64 join_eui;
    lorawan::Eui64 dev_eui;
    lorawan::DevAddr dev_addr;
    std::string text;  // as it was given
};
// Throws UsageError for what is none of them.
Subject parse_subject(const std::string& text);

// The devices (UIDs, sorted, once each) that the EUI keys of this kind name for a DevEUI, or for both EUIs. A
// DevEUI alone takes a walk.
std::vector<std::string> devices_of_eui(Session& session, lorawan::KeyKind eui_kind, const Subject& subject);

// A record: {"key", "message"}, with "error" in place of "message" where it cannot be read, and null where
// there is none. `expires_in_ms` is added where it has an expiry.
nlohmann::ordered_json read_record(Session& session, const std::string& key, lorawan::MessageKind kind,
                                   lorawan::Secrets secrets);

// Empty where there is nothing, or something of another type.
std::optional<std::string> read_text(Session& session, const std::string& key);
// {"key", "state"} of an index entry that has to name this device.
nlohmann::ordered_json read_index_entry(Session& session, const std::string& key, const std::string& uid);

// For people: one "name: value" a line, indented by what it belongs to.
std::string outline(const nlohmann::ordered_json& data);
// Gives `page` as the command's result. Where `found` is false, throws instead: nothing is known of the
// subject.
void show_page(cli::Context& context, const Subject& subject, const nlohmann::ordered_json& page, bool found);

}  // namespace tti::key_space
