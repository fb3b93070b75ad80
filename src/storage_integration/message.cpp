#include "storage_integration/message.hpp"

#include <nlohmann/json.hpp>

#include "settings/value.hpp"

namespace tti::storage_integration {
namespace {

using nlohmann::json;

// Members that matter, by name; an absent one is null.
json member(const json& object, std::string_view name) {
    if (!object.is_object()) return nullptr;
    const auto found = object.find(name);
    return found == object.end() ? json(nullptr) : *found;
}

std::string text(const json& value) {
    return value.is_string() ? value.get<std::string>() : std::string();
}

}  // namespace

// The parser of options takes microseconds.
Expected<timeseries::Time> parse_time(std::string_view text) {
    constexpr std::size_t kept = 6;
    std::string cut(text);
    if (const auto point = cut.find('.'); point != std::string::npos) {
        auto end = cut.find_first_not_of("0123456789", point + 1);
        if (end == std::string::npos) end = cut.size();
        if (end > point + 1 + kept) cut.erase(point + 1 + kept, end - point - 1 - kept);
    }
    return settings::parse_time(cut);
}

Expected<Message> parse_message(std::string text_of_json) {
    const auto parsed = json::parse(text_of_json, nullptr, false);
    if (!parsed.is_object()) return unexpected("not a JSON object");
    const auto ids = member(parsed, "end_device_ids");
    Message message;
    message.device_id = text(member(ids, "device_id"));
    message.application_id = text(member(member(ids, "application_ids"), "application_id"));
    if (message.device_id.empty() || message.application_id.empty())
        return unexpected("without end_device_ids");
    const auto time = parse_time(text(member(parsed, "received_at")));
    if (!time) return unexpected("received_at: " + time.error());
    message.received_at = *time;
    for (const auto type : message_types) {
        if (parsed.contains(type)) message.type = type;
    }
    if (message.type.empty()) return unexpected("of no known type");
    const auto port = member(member(parsed, message.type), "f_port");
    if (port.is_number_integer()) message.f_port = port.get<int>();
    message.json = std::move(text_of_json);
    return message;
}

}  // namespace tti::storage_integration
