#include "identity_server/password_policy.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "identity_server/characters.hpp"
#include "identity_server/common_passwords.hpp"
#include "util/utf8.hpp"

namespace tti::identity_server {
namespace {

constexpr std::string_view prefix = "is.user-registration.password-requirements.";
constexpr std::size_t longest_password = 1000;

std::string setting(std::string_view name) {
    return fmt::format("{}{}", prefix, name);
}

tl::unexpected<std::string> broken(std::string_view rule, std::string_view name) {
    return unexpected(fmt::format("{} ({})", rule, setting(name)));
}

bool contains_ignoring_case(const std::u32string& lower, std::string_view part) {
    return lower.find(std::u32string(part.begin(), part.end())) != std::u32string::npos;
}

std::string ascii(const std::u32string& text) {
    std::string result;
    for (const char32_t character : text) {
        result += character < 0x80 ? static_cast<char>(character) : '?';
    }
    return result;
}

Expected<void> check_length(std::int64_t length, const PasswordRequirements& requirements) {
    if (length < requirements.min_length) {
        return broken(fmt::format("a password has at least {} bytes", requirements.min_length), "min-length");
    }
    if (length > requirements.max_length) {
        return broken(fmt::format("a password has at most {} bytes", requirements.max_length), "max-length");
    }
    return {};
}

Expected<void> check_classes(const std::u32string& characters, const PasswordRequirements& requirements) {
    if (std::ranges::count_if(characters, is_uppercase_letter) < requirements.min_uppercase) {
        return broken(
            fmt::format("a password has at least {} upper-case letters", requirements.min_uppercase),
            "min-uppercase");
    }
    if (std::ranges::count_if(characters, is_decimal_digit) < requirements.min_digits) {
        return broken(fmt::format("a password has at least {} digits", requirements.min_digits),
                      "min-digits");
    }
    const auto special = [](char32_t character) { return !is_letter_or_number(character); };
    if (std::ranges::count_if(characters, special) < requirements.min_special) {
        return broken(
            fmt::format("a password has at least {} characters that are neither letters nor numbers",
                        requirements.min_special),
            "min-special");
    }
    return {};
}

Expected<void> check_words(const std::u32string& characters, std::string_view user_id,
                           const PasswordRequirements& requirements) {
    const std::u32string lower = lower_case(characters);
    if (requirements.reject_user_id && !user_id.empty() && contains_ignoring_case(lower, user_id)) {
        return broken("a password does not contain the user's ID", "reject-user-id");
    }
    if (requirements.reject_common && is_common_password(ascii(lower))) {
        return broken("a password is not one of the common ones", "reject-common");
    }
    return {};
}

}  // namespace

std::vector<std::string> password_requirement_settings() {
    return {setting("min-length"),   setting("max-length"),  setting("min-uppercase"),
            setting("min-digits"),   setting("min-special"), setting("reject-user-id"),
            setting("reject-common")};
}

PasswordRequirements password_requirements(const settings::Values& values) {
    return {.min_length = values.integer(setting("min-length")),
            .max_length = values.integer(setting("max-length")),
            .min_uppercase = values.integer(setting("min-uppercase")),
            .min_digits = values.integer(setting("min-digits")),
            .min_special = values.integer(setting("min-special")),
            .reject_user_id = values.boolean(setting("reject-user-id")),
            .reject_common = values.boolean(setting("reject-common"))};
}

Expected<void> check_password_form(const Secret& password) {
    if (password.empty()) {
        return unexpected("the password is empty");
    }
    const auto characters = util::parse_utf8(password.reveal());
    if (!characters) {
        return unexpected(fmt::format("the password {}", characters.error()));
    }
    if (characters->size() > longest_password) {
        return unexpected(fmt::format("a password has at most {} characters", longest_password));
    }
    return {};
}

Expected<void> check_password(const Secret& password, std::string_view user_id,
                              const PasswordRequirements& requirements) {
    return check_password_form(password)
        .and_then([&] { return check_length(static_cast<std::int64_t>(password.size()), requirements); })
        .and_then([&] { return check_classes(*util::parse_utf8(password.reveal()), requirements); })
        .and_then([&] { return check_words(*util::parse_utf8(password.reveal()), user_id, requirements); });
}

}  // namespace tti::identity_server
