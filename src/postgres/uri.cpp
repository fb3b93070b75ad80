#include "postgres/uri.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <set>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "postgres/uri_settings.hpp"
#include "util/percent.hpp"

namespace tti::postgres {
namespace {

using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

// Settings of the stack's driver itself and of its pool, which mean nothing to a server.
bool belongs_to_go_driver(std::string_view name) {
    static constexpr std::array names{"default_query_exec_mode",
                                      "statement_cache_capacity",
                                      "description_cache_capacity",
                                      "statement_cache_mode",
                                      "prefer_simple_protocol",
                                      "min_read_buffer_size",
                                      "sslinline",
                                      "servicefile",
                                      "krbspn",
                                      "binary_parameters",
                                      "timeout",
                                      "dial_timeout",
                                      "read_timeout",
                                      "write_timeout"};
    return name.starts_with("pool_") || std::find(names.begin(), names.end(), name) != names.end();
}

std::set<std::string> libpq_names() {
    std::set<std::string> names;
    const Options options(PQconninfoParse("", nullptr), &PQconninfoFree);
    for (const PQconninfoOption* option = options.get(); option != nullptr && option->keyword != nullptr;
         ++option) {
        names.insert(option->keyword);
    }
    return names;
}

std::string default_of(const std::string& name) {
    const Options options(PQconndefaults(), &PQconninfoFree);
    for (const PQconninfoOption* option = options.get(); option != nullptr && option->keyword != nullptr;
         ++option) {
        if (name == option->keyword && option->val != nullptr) {
            return option->val;
        }
    }
    return {};
}

bool is_secret(std::string_view name) {
    return name == "password" || name == "sslpassword";
}

// The names that other drivers use for what libpq calls otherwise.
void use_libpq_name(UriSetting& setting) {
    if (setting.name == "database") {
        setting.name = "dbname";
    } else if (setting.name == "ssl" && setting.value == "true") {
        setting.name = "sslmode";
        setting.value = "require";
    }
}

// The text with the value of each setting that fits replaced.
template <typename Fits>
std::string replaced(std::string_view text, const std::vector<UriSetting>& settings, Fits fits,
                     std::string_view replacement) {
    std::string result;
    std::size_t at = 0;
    for (const UriSetting& setting : settings) {
        if (setting.length > 0 && fits(setting.name)) {
            result += text.substr(at, setting.begin - at);
            result += replacement;
            at = setting.begin + setting.length;
        }
    }
    return result.append(text.substr(at));
}

// All settings as keywords and values, those that fit left out, and the schema. Written anew: what the text
// ends in, such as "port=", would take in what is put behind it.
template <typename Fits>
std::string keywords_with(const std::vector<UriSetting>& settings, Fits fits, std::string_view schema) {
    std::string text;
    for (const UriSetting& setting : settings) {
        if (fits(setting.name)) continue;
        text += fmt::format("{}={} ", setting.name, quote_keyword_value(setting.value));
    }
    return text + "search_path=" + quote_keyword_value(schema);
}

Expected<std::vector<UriSetting>> settings_of(std::string_view text) {
    return is_url(text) ? parse_url(text) : parse_keywords(text);
}

std::string display_hosts(const std::string& hosts, const std::string& ports) {
    std::string result;
    std::size_t host_at = 0;
    std::size_t port_at = 0;
    while (host_at <= hosts.size()) {
        const std::size_t host_end = std::min(hosts.find(',', host_at), hosts.size());
        const std::size_t port_end = std::min(ports.find(',', port_at), ports.size());
        const std::string host = hosts.substr(host_at, host_end - host_at);
        const std::string port = ports.substr(port_at, port_end - port_at);
        const bool version_six = !host.starts_with('/') && host.find(':') != std::string::npos;
        result += fmt::format("{}{}{}{}:{}", result.empty() ? "" : ",", version_six ? "[" : "", host,
                              version_six ? "]" : "", port.empty() ? "5432" : port);
        host_at = host_end + 1;
        port_at = port_end < ports.size() ? port_end + 1 : port_at;
    }
    return result;
}

}  // namespace

Expected<Uri> Uri::parse(std::string_view text) {
    Expected<std::vector<UriSetting>> settings = settings_of(text);
    if (!settings) {
        return unexpected(settings.error());
    }
    Uri uri;
    uri.text_ = Secret(std::string(text));
    uri.masked_ = replaced(text, *settings, is_secret, Secret::mask);
    const std::set<std::string> known = libpq_names();
    std::string libpq;
    for (UriSetting& setting : *settings) {
        use_libpq_name(setting);
        uri.take(setting, known.contains(setting.name), libpq);
    }
    uri.libpq_ = Secret(std::move(libpq));
    return uri;
}

void Uri::take(const UriSetting& setting, bool known, std::string& libpq) {
    if (setting.name == "search_path") {
        search_path_ = setting.value;
    } else if (known) {
        libpq += fmt::format("{}{}={}", libpq.empty() ? "" : " ", setting.name,
                             quote_keyword_value(setting.value));
        if (!is_secret(setting.name)) {
            parts_[setting.name] = setting.value;
        }
    } else if (!belongs_to_go_driver(setting.name)) {
        parameters_[setting.name] = setting.value;
    }
}

std::string Uri::part(const std::string& name) const {
    const auto found = parts_.find(name);
    return found != parts_.end() && !found->second.empty() ? found->second : default_of(name);
}

std::string Uri::display() const {
    const std::string host = part("host");
    const std::string user = part("user");
    const std::string database = part("dbname");
    return fmt::format("{}@{}/{}", user, display_hosts(host.empty() ? "localhost" : host, part("port")),
                       database.empty() ? user : database);
}

Uri Uri::with_search_path(std::string_view schema) const {
    const std::string& text = text_.reveal();
    const auto settings = settings_of(text).value();
    const auto is_search_path = [](std::string_view name) { return name == "search_path"; };
    if (!is_url(text)) return parse(keywords_with(settings, is_search_path, schema)).value();
    const auto value = util::percent_encoded(schema);
    auto result = replaced(text, settings, is_search_path, value);
    if (std::ranges::none_of(settings, [&](const UriSetting& setting) {
            return is_search_path(setting.name) && setting.length > 0;
        })) {
        result += text.find('?') != std::string::npos ? "&" : "?";
        result += "search_path=" + value;
    }
    return parse(result).value();
}

}  // namespace tti::postgres
