#include "support/redis_server.hpp"

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <unistd.h>

#include "support/unix_sockets.hpp"

namespace tti::test {
namespace {

bool redis_accepts(const std::string& path) {
    const int descriptor = connect_to(path);
    close(descriptor);
    return descriptor >= 0;
}

}  // namespace

RedisServer::RedisServer(std::vector<std::string> arguments, int port)
    : folder_(make_folder("tti-redis-")), arguments_(std::move(arguments)), port_(port) {
    start();
}

RedisServer::~RedisServer() {
    stop();
    if (std::getenv("TTI_TEST_KEEP") == nullptr) {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
}

redis::Target RedisServer::target() const {
    redis::Target target;
    target.address = socket();
    return target;
}

void RedisServer::start() {
    std::vector<std::string> command{"redis-server",
                                     "--port",
                                     std::to_string(port_),
                                     "--bind",
                                     "127.0.0.1",
                                     "--unixsocket",
                                     socket(),
                                     "--unixsocketperm",
                                     "777",
                                     "--dir",
                                     folder_.string(),
                                     "--save",
                                     "",
                                     "--appendonly",
                                     "no"};
    command.insert(command.end(), arguments_.begin(), arguments_.end());
    std::filesystem::remove(socket());
    process_ = std::make_unique<ChildProcess>(command, folder_ / "server.log");
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!redis_accepts(socket())) {
        if (!process_->running() || std::chrono::steady_clock::now() > deadline) {
            std::ostringstream log;
            log << "redis-server did not start: " << std::ifstream(folder_ / "server.log").rdbuf();
            throw std::runtime_error(log.str());
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

void RedisServer::stop(bool in_order) {
    if (process_) {
        process_->end(in_order ? SIGTERM : SIGKILL);
    }
}

}  // namespace tti::test
