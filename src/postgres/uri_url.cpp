#include <algorithm>

#include <fmt/format.h>

#include "postgres/uri_settings.hpp"
#include "util/percent.hpp"

namespace tti::postgres {
namespace {

constexpr std::string_view bad_escape =
    "a % is not followed by two hexadecimal digits; write % itself as %25";
constexpr std::string_view bad_port =
    "the port is not a number; characters such as / ? # : in a password must be percent-encoded";

Expected<std::string> percent_decode(std::string_view text, bool plus_is_blank) {
    for (auto at = text.find('%'); at != std::string_view::npos; at = text.find('%', at + 1)) {
        if (util::leading_percent_code(text.substr(at)).value_or(0) == 0) {
            return unexpected(std::string(bad_escape));
        }
    }
    std::string codes(text);
    if (plus_is_blank) std::ranges::replace(codes, '+', ' ');
    return util::percent_decoded(codes);
}

// Collects settings from pieces of one text, whose positions it knows.
class UrlReader {
  public:
    explicit UrlReader(std::string_view text) : text_(text) {}

    Expected<std::vector<UriSetting>> read();

  private:
    void add(std::string_view name, std::string_view raw, bool plus_is_blank = false);
    void add_user_info(std::string_view user_info);
    void add_hosts(std::string_view hosts);
    void add_query(std::string_view query);
    void fail(std::string_view reason) { failure_ = failure_.empty() ? std::string(reason) : failure_; }

    std::string_view text_;
    std::vector<UriSetting> settings_;
    std::string failure_;
};

std::string_view take(std::string_view& rest, char separator) {
    const std::size_t end = std::min(rest.find(separator), rest.size());
    const std::string_view piece = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return piece;
}

void UrlReader::add(std::string_view name, std::string_view raw, bool plus_is_blank) {
    const Expected<std::string> value = percent_decode(raw, plus_is_blank);
    if (!value) {
        return fail(value.error());
    }
    settings_.push_back(
        {std::string(name), *value, static_cast<std::size_t>(raw.data() - text_.data()), raw.size()});
}

void UrlReader::add_user_info(std::string_view user_info) {
    const std::size_t colon = user_info.find(':');
    if (colon != 0 && !user_info.empty()) {
        add("user", user_info.substr(0, colon));
    }
    if (colon != std::string_view::npos) {
        add("password", user_info.substr(colon + 1));
    }
}

// "[::1]:5432" and "db:5432" to host and port; the port may be missing.
std::pair<std::string_view, std::string_view> host_and_port(std::string_view entry) {
    const std::size_t bracket = entry.starts_with('[') ? entry.find(']') : std::string_view::npos;
    const std::size_t colon = entry.find(':', bracket == std::string_view::npos ? 0 : bracket);
    std::string_view host = entry.substr(0, colon);
    if (bracket != std::string_view::npos) {
        host = entry.substr(1, bracket - 1);
    }
    return {host, colon == std::string_view::npos ? std::string_view() : entry.substr(colon + 1)};
}

void UrlReader::add_hosts(std::string_view hosts) {
    std::string names;
    std::string ports;
    bool any_port = false;
    for (std::string_view rest = hosts; !rest.empty();) {
        const bool first = rest.size() == hosts.size();
        const auto [host, port] = host_and_port(take(rest, ','));
        const Expected<std::string> name = percent_decode(host, false);
        if (!name) {
            return fail(name.error());
        }
        if (!std::all_of(port.begin(), port.end(), [](char digit) { return digit >= '0' && digit <= '9'; })) {
            return fail(bad_port);
        }
        any_port = any_port || !port.empty();
        names += (first ? "" : ",") + *name;
        ports += fmt::format("{}{}", first ? "" : ",", port);
    }
    if (!names.empty()) {
        settings_.push_back({"host", names});
    }
    if (any_port) {
        settings_.push_back({"port", ports});
    }
}

void UrlReader::add_query(std::string_view query) {
    while (!query.empty()) {
        std::string_view raw_value = take(query, '&');
        if (raw_value.empty()) {
            continue;
        }
        if (raw_value.find('=') == std::string_view::npos) {
            return fail("a query parameter has no = and value");
        }
        const Expected<std::string> name = percent_decode(take(raw_value, '='), true);
        if (!name) {
            return fail(name.error());
        }
        add(*name, raw_value, true);
    }
}

Expected<std::vector<UriSetting>> UrlReader::read() {
    std::string_view rest = text_.substr(text_.find("://") + 3);
    const std::size_t question = std::min(rest.find('?'), rest.size());
    const std::string_view query = rest.substr(std::min(question + 1, rest.size()));
    rest = rest.substr(0, question);
    std::string_view authority = take(rest, '/');
    // The last @, as the stack's driver reads it: a password may hold one.
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        add_user_info(authority.substr(0, at));
        authority.remove_prefix(at + 1);
    }
    add_hosts(authority);
    if (!rest.empty()) {
        add("dbname", rest);
    }
    add_query(query);
    if (!failure_.empty()) {
        return unexpected(failure_);
    }
    return settings_;
}

}  // namespace

bool is_url(std::string_view text) {
    return text.starts_with("postgres://") || text.starts_with("postgresql://");
}

Expected<std::vector<UriSetting>> parse_url(std::string_view text) {
    return UrlReader(text).read();
}

}  // namespace tti::postgres
