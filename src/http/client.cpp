#include "http/client.hpp"

#include <charconv>

#include <fmt/format.h>

#include "util/text.hpp"
#include "util/version.hpp"

namespace tti::http {
namespace {

// What comes in of one answer.
struct Incoming {
    Answer answer;
    std::size_t largest = 0;
    bool too_large = false;

    void header_line(std::string_view line) {
        line = util::trim(line);
        if (line.starts_with("HTTP/")) {  // of an informational answer or of the final one
            answer.headers.clear();
            const auto words = util::words(line);
            if (words.size() > 1) {
                std::from_chars(words[1].data(), words[1].data() + words[1].size(), answer.status);
            }
        } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
            answer.headers[util::lower(line.substr(0, colon))] = util::trim(line.substr(colon + 1));
        }
    }

    bool body(std::string_view bytes) {
        too_large = answer.body.size() + bytes.size() > largest;
        if (!too_large) answer.body += bytes;
        return !too_large;
    }
};

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* incoming) {
    static_cast<Incoming*>(incoming)->header_line({bytes, size * count});
    return size * count;
}

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* incoming) {
    return static_cast<Incoming*>(incoming)->body({bytes, size * count}) ? size * count : 0;
}

Lines header_lines(const Request& request) {
    Lines lines;
    bool has_type = false;
    for (const auto& [name, value] : request.headers) {
        has_type = has_type || name == "content-type";
        // A header without a value is written in this way for libcurl.
        append(lines, value.empty() ? fmt::format("{};", name) : fmt::format("{}: {}", name, value));
    }
    // libcurl would add these by itself.
    append(lines, "expect:");
    if (!has_type) append(lines, "content-type:");
    return lines;
}

// Scheme, host and port: a query may hold what is not for messages.
std::string_view place_of(std::string_view url) {
    const auto host = url.find("://");
    return host == std::string_view::npos ? url : url.substr(0, url.find_first_of("/?", host + 3));
}

}  // namespace

std::string Answer::header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
}

Client::Client(ClientOptions options)
    : options_(std::move(options)), multi_(make_multi()), easy_(make_easy()) {}

void Client::prepare(const Request& request, const Lines& headers) {
    curl_easy_reset(easy_.get());
    reason_.fill(0);
    set(easy_, CURLOPT_ERRORBUFFER, reason_.data());
    set(easy_, CURLOPT_URL, request.url.c_str());
    set(easy_, CURLOPT_PATH_AS_IS, 1L);
    set(easy_, CURLOPT_HTTPHEADER, headers.get());
    set(easy_, CURLOPT_NOSIGNAL, 1L);
    // Nobody waits for name servers that do not answer.
    set(easy_, CURLOPT_QUICK_EXIT, 1L);
    set(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(easy_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(easy_, CURLOPT_USERAGENT, fmt::format("tti-lw-stack/{}", util::version()).c_str());
    // Named even where they are empty, since libcurl would ask the environment otherwise.
    set(easy_, CURLOPT_PROXY, options_.proxy.c_str());
    set(easy_, CURLOPT_NOPROXY, options_.no_proxy.c_str());
    if (!options_.authorities.empty()) set(easy_, CURLOPT_CAINFO, options_.authorities.c_str());
    set(easy_, CURLOPT_CONNECTTIMEOUT_MS, options_.connect_timeout.count());
    set(easy_, CURLOPT_LOW_SPEED_LIMIT, 1L);
    set(easy_, CURLOPT_LOW_SPEED_TIME, options_.silence.count());
    if (options_.whole_timeout) {
        set(easy_, CURLOPT_TIMEOUT_MS, options_.whole_timeout->count());
    }
    use_body(request);
}

void Client::use_body(const Request& request) {
    if (request.method == "HEAD") {
        set(easy_, CURLOPT_NOBODY, 1L);
        return;
    }
    if (!request.body.empty() || request.method == "POST" || request.method == "PUT") {
        set(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        set(easy_, CURLOPT_POSTFIELDS, request.body.empty() ? "" : request.body.data());
    }
    set(easy_, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

Answer Client::send(const Request& request, util::Stop& stop) {
    const auto headers = header_lines(request);
    Incoming incoming{.largest = options_.largest_answer};
    prepare(request, headers);
    set(easy_, CURLOPT_HEADERFUNCTION, take_header);
    set(easy_, CURLOPT_HEADERDATA, &incoming);
    set(easy_, CURLOPT_WRITEFUNCTION, take_body);
    set(easy_, CURLOPT_WRITEDATA, &incoming);
    const auto code = transfer(multi_, easy_, stop);
    if (incoming.too_large) {
        throw Error(ExitCode::unexpected,
                    fmt::format("{}: {} sent an answer of more than {} bytes", options_.context,
                                place_of(request.url), options_.largest_answer));
    }
    if (code != CURLE_OK) fail(request, code);
    return std::move(incoming.answer);
}

void Client::fail(const Request& request, CURLcode code) const {
    const auto* what = reason_[0] != 0 ? reason_.data() : curl_easy_strerror(code);
    const auto place = place_of(request.url);
    if (is_certificate(code)) {
        throw TransferError(TransferError::Kind::not_trusted,
                            fmt::format("{}: {} is not trusted: {}", options_.context, place, what),
                            "Check the authorities and the name that the certificate must have.");
    }
    if (never_reached(code)) {
        throw TransferError(TransferError::Kind::not_reached,
                            fmt::format("{}: cannot connect to {}: {}", options_.context, place, what),
                            "Check the address, the way through the network and a proxy, if there is one.");
    }
    throw TransferError(TransferError::Kind::broken_off,
                        fmt::format("{}: no answer from {}: {}", options_.context, place, what),
                        "Try again; the network or the server broke off.");
}

}  // namespace tti::http
