#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace tti::test {

struct HttpRequest {
    std::string method;
    std::string target;                          // path and query as they came
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
};

struct HttpReply {
    int status = 200;
    std::string body = {};
    std::map<std::string, std::string> headers = {};
    bool cut = false;  // the connection is closed in the middle of the body, or instead of an answer
};

// An HTTP server on a loopback port that answers as the test says, one request a connection.
class HttpServer {
  public:
    using Handler = std::function<HttpReply(const HttpRequest&)>;
    explicit HttpServer(Handler handler);
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;
    ~HttpServer();

    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    // What has come so far.
    [[nodiscard]] std::vector<HttpRequest> requests();

  private:
    void run();
    void serve(int client);

    Handler handler_;
    int port_ = 0;
    int listener_;
    std::mutex mutex_;
    std::vector<HttpRequest> requests_;
    std::thread thread_;
};

}  // namespace tti::test
