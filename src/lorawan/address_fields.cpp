#include "lorawan/address_fields.hpp"

#include <limits>

#include "lorawan/message_pack.hpp"

namespace tti::lorawan {
namespace {

using message_pack::Reader;
using Done = Expected<void>;

constexpr std::string_view hex_digits = "0123456789abcdef";

std::string to_hex(std::string_view bytes) {
    std::string hex;
    for (const char byte : bytes) {
        hex += hex_digits[static_cast<std::uint8_t>(byte) >> 4U];
        hex += hex_digits[static_cast<std::uint8_t>(byte) & 15U];
    }
    return hex;
}

std::optional<std::string> from_hex(std::string_view hex) {
    if (hex.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    for (std::size_t index = 0; index < hex.size(); index += 2) {
        const auto value = [](char character) {
            const bool upper = character >= 'A' && character <= 'F';
            return hex_digits.find(upper ? static_cast<char>(character + ('a' - 'A')) : character);
        };
        const auto high = value(hex[index]);
        const auto low = value(hex[index + 1]);
        if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
        bytes += static_cast<char>((high << 4U) | low);
    }
    return bytes;
}

void append_pair(std::string& to, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    message_pack::append_text(to, name);
    message_pack::append_text(to, value);
}

void append_key(std::string& to, const KeyEnvelope& key) {
    const std::size_t entries = (key.key.empty() ? 0U : 1U) + (key.kek_label.empty() ? 0U : 1U) +
                                (key.encrypted_key.empty() ? 0U : 1U);
    message_pack::append_map(to, entries);
    append_pair(to, "key", to_hex(key.key));
    append_pair(to, "kek_label", key.kek_label);
    append_pair(to, "encrypted_key", to_hex(key.encrypted_key));
}

void append_flag(std::string& to, std::string_view name, std::optional<bool> flag) {
    if (!flag) return;
    message_pack::append_text(to, name);
    message_pack::append_map(to, 1);
    message_pack::append_text(to, "value");
    message_pack::append_bool(to, *flag);
}

constexpr std::string_view key_name = "f_nwk_s_int_key";
constexpr std::string_view version_name = "lorawan_version";
constexpr std::string_view last_f_cnt_name = "last_f_cnt";
constexpr std::string_view resets_f_cnt_name = "resets_f_cnt";
constexpr std::string_view supports_32_bit_f_cnt_name = "supports_32_bit_f_cnt";

// Calls `each` with every key of a map; it takes the value.
template <typename Each>
Done for_each_entry(Reader& reader, std::string_view what, std::size_t most, Each each) {
    const auto entries = reader.map();
    if (!entries) return unexpected(std::string(what) + " is no map");
    if (*entries > most) return unexpected(std::string(what) + " has more entries than it can have");
    for (std::size_t entry = 0; entry < *entries; ++entry) {
        const auto name = reader.text();
        if (!name) return unexpected(std::string(what) + " has a key that is no text");
        if (Done done = each(*name); !done) return done;
    }
    return {};
}

Done malformed(std::string_view name) {
    return unexpected(std::string(name) + " is malformed");
}

Done unknown(std::string_view name) {
    return unexpected("unknown key \"" + std::string(name) + "\"");
}

std::optional<std::string> key_bytes(Reader& reader) {
    const auto value = reader.text();
    return value ? from_hex(*value) : std::nullopt;
}

Done read_key(Reader& reader, KeyEnvelope& key) {
    return for_each_entry(reader, key_name, 3, [&](std::string_view name) -> Done {
        std::optional<std::string> value;
        if (name == "kek_label") {
            if (const auto text = reader.text()) value = *text;
        } else if (name == "key" || name == "encrypted_key") {
            value = key_bytes(reader);
        } else {
            return unknown(name);
        }
        if (!value || (name == "key" && !value->empty() && value->size() != 16)) return malformed(name);
        (name == "key"         ? key.key
         : name == "kek_label" ? key.kek_label
                               : key.encrypted_key) = *std::move(value);
        return {};
    });
}

Done read_flag(Reader& reader, std::string_view name, std::optional<bool>& flag) {
    flag = false;
    return for_each_entry(reader, name, 1, [&](std::string_view inner) -> Done {
        if (inner != "value") return unknown(inner);
        flag = reader.boolean();
        return flag ? Done() : malformed(name);
    });
}

template <typename Number>
Done read_number(Reader& reader, std::string_view name, Number& number) {
    const auto value = reader.number();
    if (!value || *value > std::numeric_limits<Number>::max()) return malformed(name);
    number = static_cast<Number>(*value);
    return {};
}

Done read_entry(Reader& reader, bool pending, std::string_view name, AddressFields& fields) {
    if (name == key_name) return read_key(reader, fields.f_nwk_s_int_key);
    if (name == version_name) return read_number(reader, name, fields.lorawan_version);
    if (pending) return unknown(name);
    if (name == last_f_cnt_name) return read_number(reader, name, fields.last_f_cnt);
    if (name == resets_f_cnt_name) return read_flag(reader, name, fields.resets_f_cnt);
    if (name == supports_32_bit_f_cnt_name) return read_flag(reader, name, fields.supports_32_bit_f_cnt);
    return unknown(name);
}

Expected<AddressFields> decode(std::string_view bytes, bool pending) {
    Reader reader(bytes);
    AddressFields fields;
    const Done done = for_each_entry(reader, "the value", pending ? 2 : 5, [&](std::string_view name) {
        return read_entry(reader, pending, name, fields);
    });
    if (!done) return unexpected(done.error());
    if (!reader.at_end()) return unexpected("something follows the value");
    return fields;
}

}  // namespace

std::string encode(const AddressFields& fields) {
    std::string bytes;
    message_pack::append_map(bytes, 2U + (fields.last_f_cnt > 0 ? 1U : 0U) + (fields.resets_f_cnt ? 1U : 0U) +
                                        (fields.supports_32_bit_f_cnt ? 1U : 0U));
    message_pack::append_text(bytes, key_name);
    append_key(bytes, fields.f_nwk_s_int_key);
    message_pack::append_text(bytes, version_name);
    message_pack::append_uint8(bytes, fields.lorawan_version);
    if (fields.last_f_cnt > 0) {
        message_pack::append_text(bytes, last_f_cnt_name);
        message_pack::append_uint32(bytes, fields.last_f_cnt);
    }
    append_flag(bytes, resets_f_cnt_name, fields.resets_f_cnt);
    append_flag(bytes, supports_32_bit_f_cnt_name, fields.supports_32_bit_f_cnt);
    return bytes;
}

Expected<AddressFields> decode_current(std::string_view bytes) {
    return decode(bytes, false);
}

Expected<AddressFields> decode_pending(std::string_view bytes) {
    return decode(bytes, true);
}

}  // namespace tti::lorawan
