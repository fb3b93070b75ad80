#include "settings/value.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include "util/csv.hpp"
#include "util/text.hpp"

namespace tti::settings {
namespace {

constexpr std::string_view accepted_booleans =
    "accepted: true or false (also 1, t, T, TRUE, True, 0, f, F, FALSE, False)";
constexpr std::string_view accepted_integers =
    "accepted: a whole number of 64 bits, decimal or with 0x before it";

std::string describe_choices(const std::vector<std::string>& choices) {
    if (choices.size() == 1) return "accepted: " + choices.front();
    const std::span<const std::string> all{choices};
    return "accepted: " + util::join(all.first(all.size() - 1), ", ") + " or " + all.back();
}

// In the spelling of the choice, so that nobody has to compare in any case again.
Expected<std::string> choose(const Option& option, std::string_view text) {
    const auto& choices = option.choices;
    if (choices.empty() || std::ranges::find(choices, text) != choices.end()) return std::string{text};
    const auto found =
        std::ranges::find(choices, util::lower(text), [](const auto& choice) { return util::lower(choice); });
    if (found == choices.end()) return unexpected(describe_choices(choices));
    return *found;
}

Expected<std::vector<std::string>> choose_all(const Option& option, std::vector<std::string> items) {
    for (std::string& item : items) {
        Expected<std::string> chosen = choose(option, item);
        if (!chosen) return unexpected(std::move(chosen.error()));
        item = std::move(*chosen);
    }
    return items;
}

Expected<std::vector<std::string>> parse_list(const Option& option, std::string_view text, Syntax syntax) {
    if (syntax != Syntax::flag) return choose_all(option, util::words(text));
    return util::parse_csv(text).and_then(
        [&option](auto items) { return choose_all(option, std::move(items)); });
}

std::vector<Secret> as_secrets(const std::vector<std::string>& items) {
    std::vector<Secret> secrets;
    secrets.reserve(items.size());
    for (const std::string& item : items) secrets.emplace_back(item);
    return secrets;
}

// Keys in hex hold neither commas nor spaces, so both may separate them.
std::vector<Secret> parse_secret_list(std::string_view text) {
    std::string spaced{text};
    std::ranges::replace(spaced, ',', ' ');
    return as_secrets(util::words(spaced));
}

// YAML knows two booleans; the short forms would be numbers and texts there.
Expected<bool> parse_file_boolean(std::string_view text) {
    if (text == "true") return true;
    if (text == "false") return false;
    return unexpected("accepted: true or false");
}

template <typename T>
Expected<Value> as_value(Expected<T> parsed) {
    return std::move(parsed).map([](T&& value) { return Value{std::move(value)}; });
}

}  // namespace

Expected<bool> parse_boolean(std::string_view text) {
    constexpr std::array<std::string_view, 6> yes{"true", "1", "t", "T", "TRUE", "True"};
    constexpr std::array<std::string_view, 6> no{"false", "0", "f", "F", "FALSE", "False"};
    if (std::ranges::find(yes, text) != yes.end()) return true;
    if (std::ranges::find(no, text) != no.end()) return false;
    return unexpected(std::string{accepted_booleans});
}

Expected<std::int64_t> parse_integer(std::string_view text) {
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    if (hexadecimal) text.remove_prefix(2);

    std::uint64_t magnitude = 0;
    const char* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, magnitude, hexadecimal ? 16 : 10);
    const std::uint64_t largest =
        std::uint64_t{std::numeric_limits<std::int64_t>::max()} + (negative ? 1U : 0U);
    if (error != std::errc{} || rest != end || magnitude > largest)
        return unexpected(std::string{accepted_integers});
    return static_cast<std::int64_t>(negative ? 0U - magnitude : magnitude);
}

Expected<Value> parse_list_items(const Option& option, std::vector<std::string> items) {
    if (option.type == Type::secret_list) return Value{as_secrets(items)};
    return as_value(choose_all(option, std::move(items)));
}

Expected<Value> parse_value(const Option& option, std::string_view text, Syntax syntax) {
    switch (option.type) {
        case Type::boolean:
            return as_value(syntax == Syntax::file ? parse_file_boolean(text) : parse_boolean(text));
        case Type::integer:
            return as_value(parse_integer(text));
        case Type::duration:
            return as_value(parse_duration(text, option.unit_optional ? Syntax::environment : syntax));
        case Type::text:
            return as_value(choose(option, text));
        case Type::secret_text:
            return Value{Secret{std::string{text}}};
        case Type::list:
            return as_value(parse_list(option, text, syntax));
        case Type::secret_list:
            return Value{parse_secret_list(text)};
        case Type::time:
            return as_value(parse_time(text));
    }
    return unexpected("accepted: nothing, its type is unknown");
}

}  // namespace tti::settings
