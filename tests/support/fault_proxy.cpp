#include "support/fault_proxy.hpp"

#include <array>
#include <span>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/child_process.hpp"
#include "support/unix_sockets.hpp"

namespace tti::test {
namespace {

bool send_all(int descriptor, std::span<const char> bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
    return true;
}

}  // namespace

FaultProxy::FaultProxy(std::string server_socket)
    : server_socket_(std::move(server_socket)),
      folder_(make_folder("tti-proxy-")),
      listener_(listen_at(socket())),
      ending_(eventfd(0, EFD_CLOEXEC)),
      thread_([this] { run(); }) {}

FaultProxy::~FaultProxy() {
    eventfd_write(ending_, 1);
    thread_.join();
    for (const Pair& pair : pairs_) {
        close(pair.client);
        close(pair.server);
    }
    close(listener_);
    close(ending_);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void FaultProxy::run() {
    for (;;) {
        std::vector<pollfd> watched{{ending_, POLLIN, 0}, {listener_, POLLIN, 0}};
        for (const Pair& pair : pairs_) {
            watched.push_back({pair.client, POLLIN, 0});
            watched.push_back({pair.server, POLLIN, 0});
        }
        poll(watched.data(), watched.size(), -1);
        if (watched[0].revents != 0) {
            return;
        }
        std::vector<Pair> kept;
        for (std::size_t i = 0; i < pairs_.size(); ++i) {
            const Pair pair = pairs_[i];
            if ((watched[2 + 2 * i].revents == 0 || to_server(pair)) &&
                (watched[3 + 2 * i].revents == 0 || to_client(pair))) {
                kept.push_back(pair);
            } else {
                close(pair.client);
                close(pair.server);
            }
        }
        pairs_ = std::move(kept);
        if (watched[1].revents != 0) {
            take();
        }
    }
}

void FaultProxy::take() {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    ++connections_;
    const int server = fault_ == Fault::refuse ? -1 : connect_to(server_socket_);
    if (server < 0) {
        close(client);
        return;
    }
    pairs_.push_back({client, server});
}

bool FaultProxy::to_server(const Pair& pair) {
    std::array<char, 16384> buffer{};
    const ssize_t count = recv(pair.client, buffer.data(), buffer.size(), 0);
    return count > 0 && (fault_ == Fault::stall ||
                         send_all(pair.server, std::span(buffer).first(static_cast<std::size_t>(count))));
}

bool FaultProxy::to_client(const Pair& pair) {
    std::array<char, 16384> buffer{};
    const std::size_t most = fault_ == Fault::slice ? 1 : std::min(buffer.size(), cut_.load());
    const ssize_t count = most == 0 ? 0 : recv(pair.server, buffer.data(), most, 0);
    if (count <= 0) {
        cut_ = never;
        return false;
    }
    const auto size = static_cast<std::size_t>(count);
    if (corrupt_ < size) {
        buffer.at(corrupt_) = '\0';
        corrupt_ = never;
    }
    for (auto* left : {&cut_, &corrupt_}) {
        if (*left != never) {
            *left -= size;
        }
    }
    return fault_ == Fault::stall || send_all(pair.client, std::span(buffer).first(size));
}

}  // namespace tti::test
