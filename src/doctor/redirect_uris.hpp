#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "doctor/finding.hpp"
#include "util/expected.hpp"

namespace tti::doctor {

// A page of the stack that logs in: https://HOST/MOUNT.
struct PageAddress {
    std::string origin;  // "https://eu1.example.com"; empty: not known
    std::string mount;   // "/console"
};
// "https://eu1.example.com/console", as canonical URLs are given; a slash at its end or a port that the
// scheme has anyway are failures, as the stack sends them as they stand.
Expected<PageAddress> parse_page_address(std::string_view url);
// A host name: no scheme, port or slash.
Expected<void> check_domain(std::string_view domain);

// What a client of that page has to have. On the primary cluster, whose pages and Identity Server have one
// origin, the stack sends the path alone; elsewhere the whole URI.
struct WantedUris {
    std::vector<std::string> redirect;
    std::vector<std::string> logout;
};
WantedUris wanted_uris(const PageAddress& page, bool secondary);

// What is wrong with a list of URIs that were registered, and how it should be: the wanted ones first, then
// others that were there.
struct UriJudgement {
    struct Fault {
        Severity severity = Severity::error;
        std::string problem;
        std::string evidence;
    };
    std::vector<Fault> faults;
    std::vector<std::string> mended;
};
UriJudgement judge_uris(const std::vector<std::string>& registered, const std::vector<std::string>& wanted,
                        bool secondary);

}  // namespace tti::doctor
