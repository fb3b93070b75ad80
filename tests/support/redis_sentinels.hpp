#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/child_process.hpp"

namespace tti::test {

// Sentinels that watch one primary under the name "mymaster", and promote a replica soon.
class RedisSentinels {
  public:
    // `settings` are lines of each Sentinel's file; {port} is its port.
    RedisSentinels(int count, int primary_port, const std::vector<std::string>& settings = {});
    RedisSentinels(const RedisSentinels&) = delete;
    RedisSentinels& operator=(const RedisSentinels&) = delete;
    ~RedisSentinels();

    // "127.0.0.1:port" each.
    [[nodiscard]] const std::vector<std::string>& addresses() const { return addresses_; }
    void stop(std::size_t index);

  private:
    std::filesystem::path folder_;
    std::vector<std::string> addresses_;
    std::vector<std::unique_ptr<ChildProcess>> processes_;
};

}  // namespace tti::test
