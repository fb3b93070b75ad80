#include "key_space/inspection.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "key_space/walk.hpp"
#include "lorawan/message.hpp"

namespace tti::key_space {
namespace {

using lorawan::KeyKind;
using nlohmann::ordered_json;

// NS and JS name the JoinEUI first, AS the DevEUI.
bool dev_eui_first(KeyKind kind) {
    return kind == KeyKind::as_eui;
}

std::string eui_key(const lorawan::Keys& keys, KeyKind kind, const Subject& subject) {
    const auto join = text(subject.join_eui);
    const auto dev = text(subject.dev_eui);
    return dev_eui_first(kind) ? keys.key(kind, {dev, join}) : keys.key(kind, {join, dev});
}

// Below the keys of that kind, the one DevEUI.
std::vector<std::string> keys_of_dev_eui(Session& session, KeyKind kind, const Subject& subject) {
    const auto wanted = text(subject.dev_eui);
    std::vector<std::string> found;
    walk(session, {.kinds = {kind}}, {}, [&](std::span<const FoundKey> page) {
        for (const auto& key : page) {
            if (key.match.parts[dev_eui_first(kind) ? 0 : 1] == wanted) found.push_back(key.key);
        }
    });
    return found;
}

bool is_scalar(const ordered_json& value) {
    return !value.is_structured();
}

std::string scalar(const ordered_json& value) {
    return value.is_string() ? value.get<std::string>() : value.is_null() ? "none" : value.dump();
}

class Outline {
  public:
    void object(const ordered_json& data, std::size_t depth) {
        for (const auto& [name, value] : data.items()) named(name, value, depth);
    }
    [[nodiscard]] const std::string& text() const { return text_; }

  private:
    void named(const std::string& name, const ordered_json& value, std::size_t depth) {
        text_ += fmt::format("{:{}}{}:", "", 2 * depth, name);
        if (is_scalar(value)) {
            text_ += fmt::format(" {}\n", scalar(value));
        } else if (value.empty()) {
            text_ += " none\n";
        } else if (value.is_array() && std::ranges::all_of(value, is_scalar)) {
            std::string items;
            for (const auto& item : value)
                items += fmt::format("{} {}", items.empty() ? "" : ",", scalar(item));
            text_ += items + "\n";
        } else {
            text_ += "\n";
            value.is_array() ? list(value, depth + 1) : object(value, depth + 1);
        }
    }

    void list(const ordered_json& values, std::size_t depth) {
        for (const auto& value : values) {
            const auto start = text_.size();
            if (value.is_object()) {
                object(value, depth + 1);
            } else {
                named("item", value, depth + 1);
            }
            // The first line of an item begins with a dash.
            if (text_.size() > start) text_[start + 2 * depth] = '-';
        }
    }

    std::string text_;
};

}  // namespace

std::vector<settings::Option> inspect_arguments() {
    return {{.name = "device",
             .description = "APPLICATION.DEVICE, a DevEUI, JoinEUI:DevEUI or a DevAddr",
             .value_name = "DEVICE",
             .required = true}};
}

std::vector<settings::Option> inspect_options() {
    auto options = tenant_options();
    options.push_back({.name = "show-keys",
                       .type = settings::Type::boolean,
                       .description = "show keys and tokens instead of a mask"});
    return options;
}

lorawan::Secrets shown_secrets(const cli::Context& context) {
    return context.values.boolean("show-keys") ? lorawan::Secrets::shown : lorawan::Secrets::masked;
}

Subject parse_subject(const std::string& text) {
    Subject subject{.text = text};
    const auto colon = text.find(':');
    if (const auto uid = lorawan::parse_device_uid(text)) {
        subject.device = *uid;
        return subject;
    }
    if (const auto eui = lorawan::parse_eui64(text)) {
        subject.kind = Subject::Kind::dev_eui;
        subject.dev_eui = *eui;
        return subject;
    }
    if (const auto address = lorawan::parse_dev_addr(text)) {
        subject.kind = Subject::Kind::dev_addr;
        subject.dev_addr = *address;
        return subject;
    }
    if (colon != std::string::npos) {
        const auto join = lorawan::parse_eui64(std::string_view(text).substr(0, colon));
        const auto dev = lorawan::parse_eui64(std::string_view(text).substr(colon + 1));
        if (join && dev) {
            subject.kind = Subject::Kind::eui_pair;
            subject.join_eui = *join;
            subject.dev_eui = *dev;
            return subject;
        }
    }
    throw UsageError(fmt::format("\"{}\" is no device", text),
                     "Give APPLICATION.DEVICE, a DevEUI (16 hex digits), JoinEUI:DevEUI, or a DevAddr (8 hex "
                     "digits).");
}

std::vector<std::string> devices_of_eui(Session& session, KeyKind eui_kind, const Subject& subject) {
    const auto keys = subject.kind == Subject::Kind::eui_pair
                          ? std::vector{eui_key(session.keys(), eui_kind, subject)}
                          : keys_of_dev_eui(session, eui_kind, subject);
    std::set<std::string> devices;
    for (const auto& key : keys) {
        session.connection().repeat([&] {
            const auto reply = session.connection().call("GET", key);
            if (!reply->is_nil()) devices.emplace(reply->text());
        });
    }
    return {devices.begin(), devices.end()};
}

ordered_json read_record(Session& session, const std::string& key, lorawan::MessageKind kind,
                         lorawan::Secrets secrets) {
    ordered_json record;
    session.connection().repeat([&] {
        record = nullptr;
        const auto type = session.connection().call("TYPE", key);
        if (type->text() == "none") return;
        record = {{"key", key}};
        if (type->text() != "string") {
            record["error"] = fmt::format("it is a {}, not a string", type->text());
            return;
        }
        const auto value = session.connection().call("GET", key);
        const auto expires = session.connection().call("PTTL", key)->integer();
        if (expires >= 0) record["expires_in_ms"] = expires;
        const auto message = lorawan::decode_message(value->is_nil() ? "" : value->text());
        auto data = message ? lorawan::to_json(kind, *message, secrets) : unexpected(message.error());
        if (data) {
            record["message"] = std::move(*data);
        } else {
            record["error"] = data.error();
        }
    });
    return record;
}

std::optional<std::string> read_text(Session& session, const std::string& key) {
    std::optional<std::string> text;
    session.connection().repeat([&] {
        const auto reply = session.connection().call("MGET", key);  // of another type: nothing
        const auto one = reply.view()[0];
        text = one.is_nil() ? std::nullopt : std::optional(std::string(one.text()));
    });
    return text;
}

ordered_json read_index_entry(Session& session, const std::string& key, const std::string& uid) {
    const auto owner = read_text(session, key);
    return {{"key", key},
            {"state", !owner          ? "missing"
                      : *owner == uid ? "right"
                                      : fmt::format("it names {}", *owner)}};
}

std::string outline(const ordered_json& data) {
    Outline outline;
    outline.object(data, 0);
    return outline.text();
}

void show_page(cli::Context& context, const Subject& subject, const ordered_json& page, bool found) {
    if (!found) {
        throw UsageError(fmt::format("nothing is known of {}", subject.text),
                         "Look at the spelling, at redis.namespace, and at --tenant-id.");
    }
    context.reporter.result(outline(page), page);
}

}  // namespace tti::key_space
