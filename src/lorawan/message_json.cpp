#include "lorawan/message_json.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <stdexcept>
#include <vector>

#include "lorawan/structure_json.hpp"
#include "lorawan/value_text.hpp"
#include "lorawan/wire.hpp"
#include "util/secret.hpp"

namespace tti::lorawan {
namespace {

using Json = nlohmann::ordered_json;
using wire::Field;
using wire::Type;

// Of messages within messages; more than any real one has.
constexpr int deepest = 64;

// Thrown within this file alone, where returning it through every level would hide what is done.
struct Malformed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

class Renderer {
  public:
    explicit Renderer(Secrets secrets) : secrets_(secrets) {}

    [[nodiscard]] Json message(const MessageRule& rule, std::string_view message, int depth = 0) const {
        if (depth > deepest) throw Malformed("messages are nested too deeply");
        std::map<const FieldRule*, std::vector<Field>> known;  // in the order of the table
        Json unknown = Json::array();
        read(rule.name, message, [&](const Field& field) {
            if (const FieldRule* found = find(rule, field)) {
                known[found].push_back(field);
            } else {
                unknown.push_back({{"field", field.number}, {"bytes", field.whole.size()}});
            }
        });
        Json json = Json::object();
        for (const auto& [field_rule, fields] : known) {
            json[std::string(field_rule->name)] = all(*field_rule, fields, depth);
        }
        if (!unknown.empty()) json["unknown"] = std::move(unknown);
        return json;
    }

  private:
    template <typename Each>
    static void read(std::string_view name, std::string_view message, Each each) {
        wire::Reader reader(message);
        for (Field field; reader.read(field);) {
            each(field);
        }
        if (!reader.error().empty()) {
            throw Malformed(std::string(name) + ": " + std::string(reader.error()));
        }
    }

    static bool is_scalar(FieldKind kind) {
        return kind == FieldKind::number || kind == FieldKind::signed_number || kind == FieldKind::boolean ||
               kind == FieldKind::mac_version || kind == FieldKind::device_class;
    }

    // Nothing where the field has another type than its rule: then it is as good as unknown.
    static const FieldRule* find(const MessageRule& rule, const Field& field) {
        const auto found = std::ranges::find(rule.fields, field.number, &FieldRule::number);
        if (found == rule.fields.end()) return nullptr;
        const FieldKind kind = found->kind;
        Type type = Type::length;
        if (is_scalar(kind)) type = Type::varint;
        if (kind == FieldKind::float_number) type = Type::fixed32;
        if (kind == FieldKind::double_number) type = Type::fixed64;
        const bool packed = found->repeated && is_scalar(kind) && field.type == Type::length;
        return field.type == type || packed ? &*found : nullptr;
    }

    // A field that came in pieces is one: lists go on, messages are merged, of others the last one counts.
    [[nodiscard]] Json all(const FieldRule& rule, const std::vector<Field>& fields, int depth) const {
        if (rule.kind == FieldKind::text_map || rule.kind == FieldKind::secret_text_map ||
            rule.kind == FieldKind::message_map) {
            return map(rule, fields, depth);
        }
        if (rule.repeated) return list(rule, fields, depth);
        if (is_scalar(rule.kind)) return scalar(rule.kind, fields.back().scalar);
        if (rule.kind == FieldKind::float_number || rule.kind == FieldKind::double_number) {
            return floating(fields.back());
        }
        if (fields.size() == 1 || !is_message(rule.kind)) return value(rule, fields.back().content, depth);
        std::string merged;
        for (const Field& field : fields) {
            merged += field.content;
        }
        return value(rule, merged, depth);
    }

    static bool is_message(FieldKind kind) { return kind >= FieldKind::timestamp; }

    [[nodiscard]] Json list(const FieldRule& rule, const std::vector<Field>& fields, int depth) const {
        Json list = Json::array();
        for (const Field& field : fields) {
            if (!is_scalar(rule.kind)) {
                list.push_back(value(rule, field.content, depth));
            } else if (field.type == Type::varint) {
                list.push_back(scalar(rule.kind, field.scalar));
            } else {
                unpack(rule, field.content, list);
            }
        }
        return list;
    }

    static void unpack(const FieldRule& rule, std::string_view packed, Json& list) {
        while (!packed.empty()) {
            const auto number = wire::take_varint(packed);
            if (!number) throw Malformed(std::string(rule.name) + ": a malformed number in a list");
            list.push_back(scalar(rule.kind, *number));
        }
    }

    // Entries are messages: the key is field 1, the value field 2.
    [[nodiscard]] Json map(const FieldRule& rule, const std::vector<Field>& fields, int depth) const {
        Json map = Json::object();
        for (const Field& entry : fields) {
            std::string_view key;
            std::string_view content;
            read(rule.name, entry.content, [&](const Field& field) {
                if (field.number == 1) key = field.content;
                if (field.number == 2) content = field.content;
            });
            map[readable(key)] = map_value(rule, content, depth);
        }
        return map;
    }
    [[nodiscard]] Json map_value(const FieldRule& rule, std::string_view content, int depth) const {
        if (rule.kind == FieldKind::message_map) {
            return message(lorawan::rule(rule.message), content, depth + 1);
        }
        return rule.kind == FieldKind::secret_text_map ? secret(readable(content)) : Json(readable(content));
    }

    static Json scalar(FieldKind kind, std::uint64_t number) {
        switch (kind) {
            case FieldKind::boolean:
                return number != 0;
            case FieldKind::signed_number:
                return static_cast<std::int64_t>(number);
            case FieldKind::mac_version:
                return mac_version_text(number);
            case FieldKind::device_class:
                return device_class_text(number);
            default:
                return number;
        }
    }

    static Json floating(const Field& field) {
        if (field.type == Type::fixed64) return std::bit_cast<double>(field.scalar);
        return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(field.scalar)));
    }

    // Of a length-delimited field.
    [[nodiscard]] Json value(const FieldRule& rule, std::string_view content, int depth) const {
        switch (rule.kind) {
            case FieldKind::text:
                return readable(content);
            case FieldKind::url:
                return secrets_ == Secrets::shown ? readable(content) : without_password(content);
            case FieldKind::secret_text:
                return secret(readable(content));
            case FieldKind::bytes:
                return lower_hex(content);
            case FieldKind::identifier:
                return upper_hex(content);
            case FieldKind::secret_bytes:
                return secret(lower_hex(content));
            case FieldKind::message:
                return message(lorawan::rule(rule.message), content, depth + 1);
            case FieldKind::structure:
            case FieldKind::secret_structure:
                return structure(rule, content);
            case FieldKind::opaque:
                return {{"bytes", content.size()}};
            default:
                return wrapped(rule, content);
        }
    }

    [[nodiscard]] Json secret(std::string text) const {
        return secrets_ == Secrets::shown || text.empty() ? Json(std::move(text))
                                                          : Json(std::string(Secret::mask));
    }

    [[nodiscard]] Json structure(const FieldRule& rule, std::string_view content) const {
        const bool masked = rule.kind == FieldKind::secret_structure && secrets_ == Secrets::masked;
        auto json = structure_to_json(content, masked);
        if (!json) throw Malformed(std::string(rule.name) + ": " + json.error());
        return *std::move(json);
    }

    // Messages of one or two numbers that stand for a value.
    static Json wrapped(const FieldRule& rule, std::string_view content) {
        Field first;
        Field second;
        read(rule.name, content, [&](const Field& field) {
            if (field.number == 1) first = field;
            if (field.number == 2) second = field;
        });
        switch (rule.kind) {
            case FieldKind::timestamp:
                return time_text(static_cast<std::int64_t>(first.scalar),
                                 static_cast<std::int64_t>(second.scalar));
            case FieldKind::duration:
                return duration_text(static_cast<std::int64_t>(first.scalar),
                                     static_cast<std::int64_t>(second.scalar));
            case FieldKind::boolean_value:
                return first.scalar != 0;
            case FieldKind::float_value:
                return first.number == 0 ? Json(0.0) : floating(first);
            default:
                return first.scalar;
        }
    }

    Secrets secrets_;
};

}  // namespace

Expected<Json> to_json(MessageKind kind, std::string_view message, Secrets secrets) {
    try {
        return Renderer(secrets).message(rule(kind), message);
    } catch (const Malformed& malformed) {
        return unexpected(malformed.what());
    }
}

}  // namespace tti::lorawan
