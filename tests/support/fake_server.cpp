#include "support/fake_server.hpp"

#include <array>

#include <sys/socket.h>
#include <unistd.h>

#include "support/child_process.hpp"
#include "support/unix_sockets.hpp"

namespace tti::test {

FakeServer::FakeServer(std::vector<std::string> answers, End end)
    : answers_(std::move(answers)),
      end_(end),
      folder_(make_folder("tti-fake-")),
      listener_(listen_at(socket())),
      thread_([this] { run(); }) {}

FakeServer::~FakeServer() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void FakeServer::run() {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    std::array<char, 65536> buffer{};
    for (const std::string& answer : answers_) {
        if (recv(client, buffer.data(), buffer.size(), 0) <= 0 ||
            send(client, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) {
            break;
        }
    }
    while (end_ == End::silence && recv(client, buffer.data(), buffer.size(), 0) > 0) {
    }
    close(client);
}

}  // namespace tti::test
