#pragma once

#include <memory>
#include <string>

#include <curl/curl.h>

#include "util/stop.hpp"

namespace tti::http {

template <typename T, auto end>
struct Ended {
    void operator()(T* handle) const { end(handle); }
};
using Easy = std::unique_ptr<CURL, Ended<CURL, curl_easy_cleanup>>;
using Multi = std::unique_ptr<CURLM, Ended<CURLM, curl_multi_cleanup>>;
using Lines = std::unique_ptr<curl_slist, Ended<curl_slist, curl_slist_free_all>>;

// Both throw Error where there is no memory left.
Easy make_easy();
Multi make_multi();
void append(Lines& lines, const std::string& line);

// Throws std::logic_error for an option that this libcurl does not know.
void require_set(CURLoption option, CURLcode code);
template <typename Value>
void set(const Easy& easy, CURLoption option, Value value) {
    require_set(option, curl_easy_setopt(easy.get(), option, value));
}

// Runs `easy` in `multi`, which keeps connections for the next one. Throws InterruptedError when an end is
// asked for meanwhile; the handle can be used again however the wait ends.
CURLcode transfer(const Multi& multi, const Easy& easy, util::Stop& stop);

// "[::1]" for an IPv6 address, as it stands in a URL.
std::string bracketed(const std::string& host);

bool never_reached(CURLcode code);
bool is_certificate(CURLcode code);

}  // namespace tti::http
