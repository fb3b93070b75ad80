#include "support/http_server.hpp"

#include <array>
#include <stdexcept>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/text.hpp"

namespace tti::test {
namespace {

int listen_on_loopback(int& port) {
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (bind(descriptor, generic, size) != 0 || listen(descriptor, 64) != 0 ||
        getsockname(descriptor, generic, &size) != 0) {
        throw std::runtime_error("no loopback port to listen on");
    }
    port = ntohs(address.sin_port);
    return descriptor;
}

// False when the client has gone.
bool read_more(int client, std::string& bytes) {
    std::array<char, 65536> buffer{};
    const auto size = recv(client, buffer.data(), buffer.size(), 0);
    if (size <= 0) return false;
    bytes.append(buffer.data(), static_cast<std::size_t>(size));
    return true;
}

HttpRequest parse_head(const std::string& head) {
    const auto lines = util::split(head, '\n');
    const auto first = util::words(lines.front());
    HttpRequest request{.method = first.at(0), .target = first.at(1)};
    for (const auto& line : lines) {
        if (const auto colon = line.find(':'); &line != &lines.front() && colon != std::string::npos) {
            request.headers[util::lower(line.substr(0, colon))] = util::trim(line.substr(colon + 1));
        }
    }
    return request;
}

bool read_request(int client, HttpRequest& request) {
    std::string bytes;
    while (bytes.find("\r\n\r\n") == std::string::npos) {
        if (!read_more(client, bytes)) return false;
    }
    const auto end = bytes.find("\r\n\r\n");
    request = parse_head(bytes.substr(0, end));
    request.body = bytes.substr(end + 4);
    const auto length = request.headers.find("content-length");
    const auto size = length == request.headers.end() ? 0 : std::stoul(length->second);
    while (request.body.size() < size) {
        if (!read_more(client, request.body)) return false;
    }
    return true;
}

std::string formatted(const HttpRequest& request, const HttpReply& reply) {
    auto text = fmt::format("HTTP/1.1 {} Answer\r\nconnection: close\r\n", reply.status);
    auto headers = reply.headers;
    headers.try_emplace("content-length", std::to_string(reply.body.size()));
    for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
    text += "\r\n";
    if (request.method != "HEAD")
        text += reply.cut ? reply.body.substr(0, reply.body.size() / 2) : reply.body;
    return text;
}

void answer_with(int client, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

}  // namespace

HttpServer::HttpServer(Handler handler)
    : handler_(std::move(handler)), listener_(listen_on_loopback(port_)), thread_([this] { run(); }) {}

HttpServer::~HttpServer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
}

std::vector<HttpRequest> HttpServer::requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
}

void HttpServer::run() {
    for (;;) {
        const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (client < 0) return;
        serve(client);
        close(client);
    }
}

void HttpServer::serve(int client) {
    HttpRequest request;
    if (!read_request(client, request)) return;
    {
        const std::lock_guard lock(mutex_);
        requests_.push_back(request);
    }
    const auto reply = handler_(request);
    if (reply.cut && reply.body.empty()) return;
    answer_with(client, formatted(request, reply));
}

}  // namespace tti::test
