#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/handles.hpp"
#include "util/error.hpp"

namespace tti::http {

struct Request {
    std::string method = "GET";
    std::string url;                                           // goes out as it stands
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string_view body = {};                                // has to live until the answer is there
};

struct Answer {
    int status = 0;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
    [[nodiscard]] std::string header(const std::string& name) const;  // empty where it is missing
};

struct ClientOptions {
    std::string context;  // says in every message whom it is talking to: "AWS s3"
    std::chrono::milliseconds connect_timeout{5000};
    // The longest time in which nothing comes or goes; whole seconds are counted.
    std::chrono::seconds silence{60};
    std::optional<std::chrono::milliseconds> whole_timeout = {};  // from request to the end of the answer
    std::size_t largest_answer = std::size_t{64} << 20U;
    std::string proxy = {};        // as in https_proxy; empty: none
    std::string no_proxy = {};     // as in no_proxy
    std::string authorities = {};  // a PEM file that stands for the system's
};

// No answer came, or not all of it. Whether the request had an effect is not known, unless the server was
// never reached.
class TransferError : public UnreachableError {
  public:
    enum class Kind { not_reached, broken_off, not_trusted };
    TransferError(Kind kind, const std::string& message, std::string hint)
        : UnreachableError(message, std::move(hint)), kind_(kind) {}
    [[nodiscard]] Kind kind() const { return kind_; }

  private:
    Kind kind_;
};

// Used from one thread; connections are kept for the next request.
class Client {
  public:
    explicit Client(ClientOptions options);

    // Any status is an answer. Every wait also watches `stop` and throws InterruptedError once an end is
    // asked for. Throws TransferError, and Error for an answer that is too large.
    Answer send(const Request& request, util::Stop& stop);

  private:
    void prepare(const Request& request, const Lines& headers);
    void use_body(const Request& request);
    [[noreturn]] void fail(const Request& request, CURLcode code) const;

    ClientOptions options_;
    Multi multi_;
    Easy easy_;
    std::array<char, CURL_ERROR_SIZE> reason_{};
};

}  // namespace tti::http
