#include "identity_server/rules.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "util/utf8.hpp"

namespace tti::identity_server {
namespace {

constexpr std::size_t longest_id = 36;
constexpr std::size_t longest_name = 50;
constexpr std::size_t longest_secret = 128;
constexpr std::size_t longest_label = 63;
constexpr std::size_t most_redirect_uris = 10;
constexpr std::size_t longest_redirect_uri = 128;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_letter(char c) {
    return is_lower(c) || (c >= 'A' && c <= 'Z');
}

// ^[a-z0-9](?:[-]?[a-z0-9]){n,}$, written out.
bool is_id(std::string_view id, std::size_t shortest) {
    const auto allowed = [](char c) { return is_lower(c) || is_digit(c) || c == '-'; };
    return id.size() >= shortest && id.size() <= longest_id && std::ranges::all_of(id, allowed) &&
           id.front() != '-' && id.back() != '-' && id.find("--") == std::string_view::npos;
}

Check check_id(std::string_view id, std::string_view kind, std::size_t shortest) {
    if (is_id(id, shortest)) {
        return {};
    }
    return unexpected(
        fmt::format("{} has {} to {} lower-case letters and digits, with single dashes between them", kind,
                    shortest, longest_id));
}

bool is_local_part(std::string_view text) {
    constexpr std::string_view marks = ".!#$%&'*+/=?^_`{|}~-";
    const auto allowed = [&](char c) {
        return is_letter(c) || is_digit(c) || marks.find(c) != std::string_view::npos;
    };
    return !text.empty() && std::ranges::all_of(text, allowed);
}

bool is_label(std::string_view label) {
    const auto allowed = [](char c) { return is_letter(c) || is_digit(c) || c == '-'; };
    return !label.empty() && label.size() <= longest_label && std::ranges::all_of(label, allowed) &&
           label.front() != '-' && label.back() != '-';
}

bool is_domain(std::string_view domain) {
    while (true) {
        const std::size_t dot = domain.find('.');
        if (!is_label(domain.substr(0, dot))) {
            return false;
        }
        if (dot == std::string_view::npos) {
            return true;
        }
        domain.remove_prefix(dot + 1);
    }
}

bool has_scheme_and_host(std::string_view uri) {
    const std::size_t colon = uri.find("://");
    if (colon == std::string_view::npos || colon == 0 || !is_letter(uri.front())) {
        return false;
    }
    const auto allowed = [](char c) {
        return is_letter(c) || is_digit(c) || c == '+' || c == '.' || c == '-';
    };
    const std::string_view rest = uri.substr(colon + 3);
    const std::string_view host = rest.substr(0, rest.find_first_of("/?"));
    return std::ranges::all_of(uri.substr(0, colon), allowed) && !host.empty() && host.front() != ':';
}

}  // namespace

Check check_user_id(std::string_view id) {
    return check_id(id, "a user ID", 2);
}
Check check_entity_id(std::string_view id) {
    return check_id(id, "an ID", 3);
}
Check check_tenant_id(std::string_view id) {
    return check_id(id, "a tenant ID", 3);
}

Check check_email(std::string_view address) {
    const std::size_t at = address.find('@');
    if (at != std::string_view::npos && is_local_part(address.substr(0, at)) &&
        is_domain(address.substr(at + 1))) {
        return {};
    }
    return unexpected(
        "an e-mail address has letters, digits and .!#$%&'*+/=?^_`{|}~- before the @, and a domain after it");
}

Check check_text(std::string_view text, std::string_view kind, std::size_t longest) {
    const auto characters = util::parse_utf8(text);
    if (!characters) {
        return unexpected(characters.error());
    }
    if (characters->size() > longest) {
        return unexpected(
            fmt::format("{} has at most {} characters, this one has {}", kind, longest, characters->size()));
    }
    if (characters->find(U'\0') != std::u32string::npos) {
        return unexpected(fmt::format("{} holds no NUL", kind));
    }
    return {};
}

Check check_name(std::string_view name) {
    return check_text(name, "a name", longest_name);
}

Check check_client_secret(const Secret& secret) {
    if (secret.empty()) {
        return unexpected("the secret is empty");
    }
    return check_text(secret.reveal(), "a client secret", longest_secret);
}

Check check_redirect_uri(std::string_view uri) {
    if (auto length = check_text(uri, "a redirect URI", longest_redirect_uri); !length) {
        return length;
    }
    const auto unprintable = [](char c) {
        return c == ' ' || static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    };
    if (std::ranges::any_of(uri, unprintable)) {
        return unexpected("a redirect URI holds no space and no control character");
    }
    if (uri.find(';') != std::string_view::npos) {
        return unexpected(
            "a redirect URI holds no ; because the stack joins the URIs with it, and would never match this "
            "one");
    }
    if (uri.find('#') != std::string_view::npos) {
        return unexpected("a redirect URI has no fragment (#…)");
    }
    if (uri == "code" || uri == "local-callback" || uri.starts_with('/') || has_scheme_and_host(uri)) {
        return {};
    }
    return unexpected(
        "a redirect URI is absolute (https://host/path), a path that begins with /, code, or local-callback");
}

Check check_redirect_uri_count(std::size_t count) {
    if (count <= most_redirect_uris) {
        return {};
    }
    return unexpected(fmt::format("at most {} are accepted, {} were given", most_redirect_uris, count));
}

}  // namespace tti::identity_server
