#pragma once

#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace tti::test {

// Takes one connection at a unix socket and answers whatever comes, chunk by chunk, with the given texts;
// then it closes the connection, or stays silent.
class FakeServer {
  public:
    enum class End { close, silence };
    explicit FakeServer(std::vector<std::string> answers, End end = End::close);
    FakeServer(const FakeServer&) = delete;
    FakeServer& operator=(const FakeServer&) = delete;
    ~FakeServer();
    [[nodiscard]] std::string socket() const { return (folder_ / "fake.sock").string(); }

  private:
    void run();
    std::vector<std::string> answers_;
    End end_;
    std::filesystem::path folder_;
    int listener_;
    std::thread thread_;
};

}  // namespace tti::test
