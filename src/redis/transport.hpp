#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "redis/address.hpp"
#include "redis/target.hpp"
#include "util/stop.hpp"

namespace tti::redis {

// Why bytes cannot go to or fro; the connection's name is put around it above.
class TransportError : public std::runtime_error {
  public:
    explicit TransportError(const std::string& reason, std::string hint = {})
        : std::runtime_error(reason), hint_(std::move(hint)) {}
    [[nodiscard]] const std::string& hint() const { return hint_; }

  private:
    std::string hint_;
};

// Bytes to and from a server. After an exception it is of no more use.
class Transport {
  public:
    using Clock = std::chrono::steady_clock;
    Transport() = default;
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;
    virtual ~Transport() = default;

    struct Progress {
        std::size_t sent = 0;
        std::span<const char> received;  // stays until the next call
    };
    // Waits until some of `unsent` was sent or some bytes came. What is left of `unsent` has to be given
    // again, at the same place in memory. Throws TransportError, also at the deadline, and InterruptedError.
    virtual Progress exchange(std::string_view unsent, Clock::time_point deadline) = 0;
    // Sends what goes without waiting; how much that was. What is left has to be given again, as above.
    virtual std::size_t send(std::string_view unsent) = 0;
    // False when the server has closed the connection, or says something that nobody asked for.
    virtual bool alive() = 0;
};

// Connects, with TLS where it is required. Throws TransportError, ConnectionError for files of certificates.
std::unique_ptr<Transport> connect(const Address& address, const Tls& tls, std::chrono::milliseconds timeout,
                                   util::Stop& stop);

}  // namespace tti::redis
