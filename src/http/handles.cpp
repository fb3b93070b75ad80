#include "http/handles.hpp"

#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include "util/error.hpp"

namespace tti::http {
namespace {

// Takes the handle out again however the wait ends.
class Running {
  public:
    Running(CURLM* multi, CURL* easy) : multi_(multi), easy_(easy) { curl_multi_add_handle(multi, easy); }
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() { curl_multi_remove_handle(multi_, easy_); }

    CURLcode wait(util::Stop& stop) {
        constexpr int longest_wait = 200;
        for (int running = 1;;) {
            util::throw_if_requested(stop);
            if (curl_multi_perform(multi_, &running) != CURLM_OK) return CURLE_FAILED_INIT;
            if (running == 0) return result();
            std::array<curl_waitfd, 1> other{{{stop.descriptor(), CURL_WAIT_POLLIN, 0}}};
            const unsigned others = stop.descriptor() >= 0 ? 1 : 0;
            curl_multi_poll(multi_, other.data(), others, longest_wait, nullptr);
        }
    }

  private:
    CURLcode result() {
        int left = 0;
        const auto* message = curl_multi_info_read(multi_, &left);
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-union-access): of libcurl
        return message == nullptr ? CURLE_FAILED_INIT : message->data.result;
    }

    CURLM* multi_;
    CURL* easy_;
};

[[noreturn]] void throw_no_memory() {
    throw Error(ExitCode::unexpected, "libcurl has no memory left");
}

}  // namespace

Easy make_easy() {
    Easy easy(curl_easy_init());
    if (!easy) throw_no_memory();
    return easy;
}

Multi make_multi() {
    Multi multi(curl_multi_init());
    if (!multi) throw_no_memory();
    return multi;
}

void append(Lines& lines, const std::string& line) {
    auto* longer = curl_slist_append(lines.get(), line.c_str());
    if (longer == nullptr) throw_no_memory();
    [[maybe_unused]] const auto* before = lines.release();
    lines.reset(longer);
}

void require_set(CURLoption option, CURLcode code) {
    if (code != CURLE_OK) {
        throw std::logic_error(fmt::format("libcurl does not know option {}", static_cast<int>(option)));
    }
}

CURLcode transfer(const Multi& multi, const Easy& easy, util::Stop& stop) {
    return Running(multi.get(), easy.get()).wait(stop);
}

std::string bracketed(const std::string& host) {
    return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

bool never_reached(CURLcode code) {
    return code == CURLE_COULDNT_CONNECT || code == CURLE_COULDNT_RESOLVE_HOST;
}

bool is_certificate(CURLcode code) {
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE;
}

}  // namespace tti::http
