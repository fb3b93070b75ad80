#include "doctor/redirect_uris.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "util/text.hpp"

namespace tti::doctor {
namespace {

// "https://host:8885//console/" in its parts.
struct Parts {
    std::string scheme;
    std::string host;
    std::string port;
    std::string path;
};

// A path has neither scheme nor host.
Parts parts_of(std::string_view uri) {
    Parts parts;
    if (const auto end = uri.find("://"); end != std::string_view::npos) {
        parts.scheme = util::lower(uri.substr(0, end));
        uri.remove_prefix(end + 3);
        const auto authority = uri.substr(0, uri.find('/'));
        uri.remove_prefix(authority.size());
        const auto colon = authority.find(':', authority.rfind(']') + 1);
        parts.host = util::lower(authority.substr(0, colon));
        if (colon != std::string_view::npos) parts.port = authority.substr(colon + 1);
    }
    parts.path = uri;
    return parts;
}

bool is_default_port(const Parts& parts) {
    return (parts.scheme == "https" && parts.port == "443") || (parts.scheme == "http" && parts.port == "80");
}

std::string plain_path(std::string path) {
    for (auto twice = path.find("//"); twice != std::string::npos; twice = path.find("//"))
        path.erase(twice, 1);
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    return path;
}

// What is left when everything that people get wrong is taken away.
std::string essence(std::string_view uri) {
    const auto parts = parts_of(uri);
    return parts.host + plain_path(parts.path);
}

std::string what_differs(const Parts& seen, const Parts& wanted) {
    if (seen.port != wanted.port) return "its port is another";
    if (seen.path.find("//") != std::string::npos) return "it has a slash too many";
    if (seen.path != wanted.path) return "it ends in a slash";
    if (seen.scheme != wanted.scheme) return "its scheme is another";
    return "it is spelt differently";
}

bool contains(const std::vector<std::string>& list, const std::string& uri) {
    return std::ranges::find(list, uri) != list.end();
}

class Judge {
  public:
    Judge(const std::vector<std::string>& registered, const std::vector<std::string>& wanted, bool secondary)
        : registered_(registered), wanted_(wanted), secondary_(secondary) {}

    UriJudgement operator()() {
        judgement_.mended = wanted_;
        for (const auto& uri : wanted_) look_for(uri);
        for (const auto& uri : registered_) look_at(uri);
        return std::move(judgement_);
    }

  private:
    void look_for(const std::string& uri) {
        if (contains(registered_, uri)) return;
        judgement_.faults.push_back({Severity::error, fmt::format("The URI {} is not registered.", uri),
                                     registered_.empty()
                                         ? "no URI is registered"
                                         : fmt::format("registered are {}", util::join(registered_, ", "))});
    }

    void look_at(const std::string& uri) {
        if (contains(wanted_, uri)) return;
        if (const auto* meant = misspelt(uri)) {
            judgement_.faults.push_back({Severity::error,
                                         fmt::format("A registered URI is not what the stack sends: {}.",
                                                     what_differs(parts_of(uri), parts_of(*meant))),
                                         fmt::format("{} instead of {}", uri, *meant)});
        } else if (secondary_ && is_path_of_wanted(uri)) {
            judgement_.faults.push_back({Severity::warning,
                                         "A secondary cluster has whole URIs alone; a path leads to the "
                                         "domain of the primary one.",
                                         fmt::format("{} is registered", uri)});
        } else {
            judgement_.mended.push_back(uri);
        }
    }

    [[nodiscard]] const std::string* misspelt(const std::string& uri) const {
        const auto meant = std::ranges::find_if(
            wanted_, [&](const std::string& wanted) { return essence(wanted) == essence(uri); });
        return meant == wanted_.end() ? nullptr : &*meant;
    }

    [[nodiscard]] bool is_path_of_wanted(const std::string& uri) const {
        return std::ranges::any_of(
            wanted_, [&](const std::string& wanted) { return parts_of(wanted).path == plain_path(uri); });
    }

    const std::vector<std::string>& registered_;
    const std::vector<std::string>& wanted_;
    bool secondary_;
    UriJudgement judgement_;
};

}  // namespace

Expected<PageAddress> parse_page_address(std::string_view url) {
    const auto parts = parts_of(url);
    if ((parts.scheme != "https" && parts.scheme != "http") || parts.host.empty()) {
        return unexpected("it is no http or https address");
    }
    if (parts.path != plain_path(parts.path) || parts.path == "/")
        return unexpected("it has a slash too many");
    if (is_default_port(parts)) return unexpected("it has a port that its scheme has anyway");
    const auto port = parts.port.empty() ? "" : ":" + parts.port;
    PageAddress page{fmt::format("{}://{}{}", parts.scheme, parts.host, port), parts.path};
    const bool blank = url.find_first_of(" \t\r\n") != std::string_view::npos;
    if (blank || page.origin + page.mount != url) return unexpected("it is not written as browsers send it");
    return page;
}

Expected<void> check_domain(std::string_view domain) {
    const bool is_host = !domain.empty() && std::ranges::all_of(domain, [](unsigned char character) {
        return std::isalnum(character) != 0 || character == '.' || character == '-';
    });
    if (!is_host) return unexpected("accepted: a host name without scheme, port and slash");
    return {};
}

WantedUris wanted_uris(const PageAddress& page, bool secondary) {
    const auto callback = page.mount + "/oauth/callback";
    WantedUris wanted;
    if (!page.origin.empty()) {
        wanted.redirect.push_back(page.origin + callback);
        wanted.logout.push_back(page.origin + page.mount);
    }
    if (!secondary) {
        wanted.redirect.push_back(callback);
        wanted.logout.push_back(page.mount);
    }
    return wanted;
}

UriJudgement judge_uris(const std::vector<std::string>& registered, const std::vector<std::string>& wanted,
                        bool secondary) {
    return Judge(registered, wanted, secondary)();
}

}  // namespace tti::doctor
