#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace tti::test {

// Stands between a client and a server's unix socket, and does to the bytes what networks do.
class FaultProxy {
  public:
    enum class Fault {
        none,
        refuse,  // takes a connection and closes it at once
        stall,   // takes connections and bytes, passes none on
        slice,   // passes the server's bytes on one by one
    };
    static constexpr std::size_t never = static_cast<std::size_t>(-1);

    explicit FaultProxy(std::string server_socket);
    FaultProxy(const FaultProxy&) = delete;
    FaultProxy& operator=(const FaultProxy&) = delete;
    ~FaultProxy();

    [[nodiscard]] std::string socket() const { return (folder_ / "proxy.sock").string(); }
    void set(Fault fault) { fault_ = fault; }
    // Closes the connection after so many of the server's bytes from now on, once.
    void cut_after(std::size_t bytes) { cut_ = bytes; }
    // Turns the byte after so many of the server's bytes from now on into a zero, once.
    void corrupt_after(std::size_t bytes) { corrupt_ = bytes; }
    // Connections that were taken.
    [[nodiscard]] int connections() const { return connections_; }

  private:
    struct Pair {
        int client;
        int server;
    };
    void run();
    void take();
    bool to_server(const Pair& pair);
    bool to_client(const Pair& pair);

    std::string server_socket_;
    std::filesystem::path folder_;
    std::atomic<Fault> fault_ = Fault::none;
    std::atomic<std::size_t> cut_ = never;
    std::atomic<std::size_t> corrupt_ = never;
    std::atomic<int> connections_ = 0;
    int listener_;
    int ending_;
    std::vector<Pair> pairs_;
    std::thread thread_;
};

}  // namespace tti::test
