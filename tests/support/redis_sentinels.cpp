#include "support/redis_sentinels.hpp"

#include <csignal>
#include <fstream>

#include <fmt/format.h>

namespace tti::test {

RedisSentinels::RedisSentinels(int count, int primary_port, const std::vector<std::string>& settings)
    : folder_(make_folder("tti-sentinels-")) {
    for (int i = 0; i < count; ++i) {
        const int port = free_port();
        const std::filesystem::path file = folder_ / fmt::format("sentinel-{}.conf", i);
        std::ofstream lines(file);
        lines << fmt::format("port {}\nbind 127.0.0.1\ndir {}\n", port, folder_.string())
              << fmt::format("sentinel monitor mymaster 127.0.0.1 {} {}\n", primary_port, count / 2 + 1)
              << "sentinel down-after-milliseconds mymaster 500\nsentinel failover-timeout mymaster 3000\n";
        for (const std::string& setting : settings) {
            lines << fmt::format(fmt::runtime(setting), fmt::arg("port", port)) << "\n";
        }
        lines.close();
        // A Sentinel rewrites its file.
        std::filesystem::permissions(file, std::filesystem::perms::all);
        processes_.push_back(std::make_unique<ChildProcess>(
            std::vector<std::string>{"redis-sentinel", file.string()}, folder_ / fmt::format("{}.log", i)));
        addresses_.push_back(fmt::format("127.0.0.1:{}", port));
    }
}

RedisSentinels::~RedisSentinels() {
    for (std::size_t i = 0; i < processes_.size(); ++i) {
        stop(i);
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

void RedisSentinels::stop(std::size_t index) {
    processes_[index]->end(SIGKILL);
}

}  // namespace tti::test
