#include "grpc/client.hpp"

#include <array>

#include <fmt/format.h>

#include "grpc/answer.hpp"
#include "http/handles.hpp"
#include "util/version.hpp"

namespace tti::grpc {
namespace {

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* answer) {
    static_cast<Answer*>(answer)->header_line({bytes, size * count});
    return size * count;
}

std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* answer) {
    return static_cast<Answer*>(answer)->body({bytes, size * count}) ? size * count : 0;
}

// Before 8.0 libcurl could not use a connection twice that began with HTTP/2 and has no TLS.
bool forgets_prior_knowledge() {
    constexpr unsigned mended = 0x080000;
    return curl_version_info(CURLVERSION_NOW)->version_num < mended;
}

}  // namespace

struct Client::Implementation {
    ClientOptions options;
    util::Stop& stop;
    http::Multi multi = http::make_multi();
    http::Easy easy = http::make_easy();
    http::Lines headers{};
    http::Lines connect_to{};
    std::array<char, CURL_ERROR_SIZE> reason{};

    Implementation(ClientOptions given, util::Stop& asked) : options(std::move(given)), stop(asked) {
        make_headers();
        set(CURLOPT_ERRORBUFFER, reason.data());
        set(CURLOPT_HTTPHEADER, headers.get());
        set(CURLOPT_NOSIGNAL, 1L);
        // A proxy for the web is none for the servers of a cluster.
        set(CURLOPT_PROXY, "");
        set(CURLOPT_CONNECTTIMEOUT_MS, options.connect_timeout.count());
        set(CURLOPT_TIMEOUT_MS, options.call_timeout.count());
        set(CURLOPT_HTTP_VERSION,
            static_cast<long>(options.tls ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE));
        set(CURLOPT_HEADERFUNCTION, take_header);
        set(CURLOPT_WRITEFUNCTION, take_body);
        if (options.tls) {
            use_tls(*options.tls);
        } else if (forgets_prior_knowledge()) {
            set(CURLOPT_FORBID_REUSE, 1L);
        }
    }

    template <typename Value>
    void set(CURLoption option, Value value) {
        http::set(easy, option, value);
    }

    void make_headers() {
        http::append(headers, "content-type: application/grpc+proto");
        http::append(headers, "te: trailers");
        http::append(headers, "grpc-accept-encoding: identity");
        http::append(headers, fmt::format("grpc-timeout: {}m", options.call_timeout.count()));
        http::append(headers, fmt::format("user-agent: tti-lw-stack/{}", util::version()));
        http::append(headers, "accept:");
        for (const auto& [name, value] : options.metadata)
            http::append(headers, name + ": " + value.reveal());
    }

    void use_tls(const Tls& tls) {
        set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        set(CURLOPT_SSL_VERIFYPEER, tls.insecure_skip_verify ? 0L : 1L);
        set(CURLOPT_SSL_VERIFYHOST, tls.insecure_skip_verify ? 0L : 2L);
        // The system's folder of authorities stays as it is.
        if (!tls.root_ca.empty()) set(CURLOPT_CAINFO, tls.root_ca.c_str());
        if (tls.server_name.empty()) return;
        http::append(connect_to,
                     fmt::format("::{}:{}", http::bracketed(options.address.host), options.address.port));
        set(CURLOPT_CONNECT_TO, connect_to.get());
    }

    [[nodiscard]] std::string url(std::string_view method) const {
        const bool renamed = options.tls && !options.tls->server_name.empty();
        return fmt::format("{}://{}:{}{}", options.tls ? "https" : "http",
                           http::bracketed(renamed ? options.tls->server_name : options.address.host),
                           options.address.port, method);
    }

    [[nodiscard]] std::string display() const {
        return fmt::format("{}:{}", http::bracketed(options.address.host), options.address.port);
    }

    [[noreturn]] void failed(CURLcode code, const Answer& answer) const {
        if (answer.too_large()) {
            throw Error(ExitCode::unexpected,
                        fmt::format("{}: {} sent a message of more than {} bytes", options.context, display(),
                                    options.largest_message));
        }
        const auto* what = reason[0] != 0 ? reason.data() : curl_easy_strerror(code);
        const auto text =
            fmt::format("{}: {} {}: {}", options.context,
                        http::never_reached(code) ? "cannot connect to" : "no answer from", display(), what);
        if (http::is_certificate(code)) {
            throw UnreachableError(text,
                                   "Check the authorities and the name that the certificate must have.");
        }
        throw UnreachableError(text, options.tls
                                         ? "Is it running, and does it speak TLS at this address?"
                                         : "Is it running, and does it speak gRPC without TLS there?");
    }

    void require_ok(std::string_view method, const Answer& answer) const {
        if (answer.status() == 0) return;
        const auto place = fmt::format("{}: {} at {}", options.context, method, display());
        if (answer.status() < 0) {
            throw Error(
                ExitCode::unexpected,
                fmt::format("{} answered with HTTP {} and no gRPC status", place, answer.http_status()),
                "Is this address a gRPC server, and nothing in between?");
        }
        const auto status = static_cast<Status>(answer.status());
        throw StatusError(exit_code(status), status,
                          fmt::format("{}: {} ({})", place, answer.status_message(), name(status)));
    }

    static ExitCode exit_code(Status status) {
        switch (status) {
            case Status::unavailable:
            case Status::deadline_exceeded:
            case Status::cancelled:
                return ExitCode::unreachable;
            case Status::unauthenticated:
            case Status::permission_denied:
                return ExitCode::refused;
            default:
                return ExitCode::unexpected;
        }
    }

    Reply call(std::string_view method, std::string_view message) {
        Answer answer(options.largest_message);
        const auto bytes = framed(message);
        const auto address = url(method);
        reason.fill(0);
        set(CURLOPT_URL, address.c_str());
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(bytes.size()));
        set(CURLOPT_POSTFIELDS, bytes.data());
        set(CURLOPT_HEADERDATA, &answer);
        set(CURLOPT_WRITEDATA, &answer);
        const auto code = http::transfer(multi, easy, stop);
        // A status that came counts more than how the connection ended after it.
        if (code != CURLE_OK && answer.status() <= 0) failed(code, answer);
        require_ok(method, answer);
        auto content = answer.message();
        if (!content) {
            throw Error(ExitCode::unexpected,
                        fmt::format("{}: {} at {}: {}", options.context, method, display(), content.error()));
        }
        return {std::move(*content), answer.header()};
    }
};

Client::Client(ClientOptions options, util::Stop& stop)
    : implementation_(std::make_unique<Implementation>(std::move(options), stop)) {}

Client::~Client() = default;

Reply Client::call(std::string_view method, std::string_view message) {
    return implementation_->call(method, message);
}

std::string Client::display() const {
    return implementation_->display();
}

std::optional<std::string> Reply::metadata(const std::string& name) const {
    const auto found = header.find(name);
    return found == header.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace tti::grpc
