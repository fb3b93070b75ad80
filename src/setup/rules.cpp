#include "setup/rules.hpp"

#include <algorithm>
#include <array>

#include "util/text.hpp"

namespace tti::setup {
namespace {

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_label(std::string_view label) {
    constexpr std::size_t longest = 63;
    return !label.empty() && label.size() <= longest && label.front() != '-' && label.back() != '-' &&
           std::ranges::all_of(label, [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

}  // namespace

Expected<void> check_domain(std::string_view domain) {
    const auto labels = util::split(domain, '.');
    if (std::ranges::all_of(labels, is_label)) return {};
    return unexpected("accepted: a host name such as eu1.example.com, without scheme, port and path");
}

Expected<void> check_name_part(std::string_view part) {
    if (is_label(part)) return {};
    return unexpected("accepted: letters, digits and single hyphens");
}

Expected<void> check_reference(std::string_view reference) {
    constexpr std::array<std::string_view, 4> prefixes{"env:", "file:", "secretsmanager:", "ssm:"};
    const bool known = std::ranges::any_of(prefixes, [&](std::string_view prefix) {
        return reference.starts_with(prefix) && reference.size() > prefix.size();
    });
    if (known) return {};
    return unexpected(
        "it has to say where the secret is, and never the secret itself: env:NAME, file:PATH, "
        "secretsmanager:NAME#FIELD or ssm:NAME");
}

}  // namespace tti::setup
