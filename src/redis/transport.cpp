// The one source that knows Boost.Asio.
#include "redis/transport.hpp"

// GCC 12 sees null pointers in Asio's inlined code that are not there.
#pragma GCC diagnostic ignored "-Wnull-dereference"

#include <array>
#include <charconv>
#include <optional>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <fmt/format.h>

#include "redis/error.hpp"
#include "redis/tls.hpp"
#include "util/name_lookup.hpp"

namespace tti::redis {
namespace {

namespace asio = boost::asio;
using Socket = asio::generic::stream_protocol::socket;
using TlsStream = asio::ssl::stream<Socket>;
using ErrorCode = boost::system::error_code;
using Clock = Transport::Clock;

// Runs asynchronous work until it is done, its time is over, or an end is asked for.
class Waiter {
  public:
    explicit Waiter(util::Stop& stop) : stop_(stop), stop_descriptor_(context_) {
        if (stop.descriptor() >= 0) {
            stop_descriptor_.assign(stop.descriptor());
            watch();
        }
    }
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    ~Waiter() {
        // The descriptor is the Stop's to close.
        if (stop_descriptor_.is_open()) {
            stop_descriptor_.release();
        }
    }

    asio::io_context& context() { return context_; }

    template <typename Done>
    void until(const Done& done, Clock::time_point deadline) {
        while (!done()) {
            // First, since poll() may have come by it.
            if (std::exchange(woken_, false)) {
                util::throw_if_requested(stop_);
                watch();
            }
            if (context_.run_one_until(deadline) == 0) {
                throw TransportError(
                    "it does not answer in time",
                    "Check that the server is not overloaded or blocked by a long command, and the "
                    "network between.");
            }
        }
    }

  private:
    void watch() {
        stop_descriptor_.async_wait(asio::posix::stream_descriptor::wait_read,
                                    [this](const ErrorCode& error) { woken_ = !error; });
    }

    util::Stop& stop_;
    asio::io_context context_{1};
    asio::executor_work_guard<asio::io_context::executor_type> never_out_of_work_{context_.get_executor()};
    asio::posix::stream_descriptor stop_descriptor_;
    bool woken_ = false;
};

template <typename Stream>
class StreamTransport final : public Transport {
  public:
    StreamTransport(std::unique_ptr<Waiter> waiter, Stream stream)
        : waiter_(std::move(waiter)), stream_(std::move(stream)) {}

    Progress exchange(std::string_view unsent, Clock::time_point deadline) override {
        if (!unsent.empty() && !writing_) {
            write(unsent);
        }
        read();
        waiter_->until([this] { return sent_ > 0 || received_ > 0 || failure_; }, deadline);
        if (sent_ == 0 && received_ == 0) {
            const bool closed =
                failure_ == asio::error::eof || failure_ == asio::ssl::error::stream_truncated;
            throw TransportError(closed ? "it closed the connection" : failure_.message());
        }
        return {std::exchange(sent_, 0), std::span(buffer_).first(std::exchange(received_, 0))};
    }

    std::size_t send(std::string_view unsent) override {
        std::size_t total = 0;
        while (total < unsent.size()) {
            if (!writing_) {
                write(unsent.substr(total));
            }
            waiter_->context().poll();
            if (sent_ == 0) {
                break;
            }
            total += std::exchange(sent_, 0);
        }
        return total;
    }

    bool alive() override {
        read();
        waiter_->context().poll();
        return !failure_ && received_ == 0;
    }

  private:
    void write(std::string_view bytes) {
        writing_ = true;
        stream_.async_write_some(asio::buffer(bytes.data(), bytes.size()),
                                 [this](const ErrorCode& error, std::size_t count) {
                                     writing_ = false;
                                     // A failure to send ends what is received too, and that tells more.
                                     sent_ = error ? 0 : count;
                                 });
    }
    // Unless that is under way, or what came is still to be fetched.
    void read() {
        if (reading_ || received_ > 0 || failure_) {
            return;
        }
        reading_ = true;
        stream_.async_read_some(asio::buffer(buffer_), [this](const ErrorCode& error, std::size_t count) {
            reading_ = false;
            received_ = count;
            failure_ = error;
        });
    }

    std::unique_ptr<Waiter> waiter_;
    Stream stream_;
    std::array<char, 64UL << 10> buffer_{};
    bool writing_ = false;
    bool reading_ = false;
    std::size_t sent_ = 0;
    std::size_t received_ = 0;
    ErrorCode failure_;
};

// Starts an operation and waits for it; its error is returned.
template <typename Start>
ErrorCode run(Waiter& waiter, Clock::time_point deadline, const Start& start) {
    // Shared with the operation, which may end after it was given up here.
    const auto result = std::make_shared<std::optional<ErrorCode>>();
    start([result](const ErrorCode& error) { *result = error; });
    waiter.until([&result] { return result->has_value(); }, deadline);
    return **result;
}

void check(const ErrorCode& error, std::string_view hint) {
    if (error) {
        throw TransportError(error.message(), std::string(hint));
    }
}

Socket connect_unix(Waiter& waiter, const std::string& path, Clock::time_point deadline) {
    if (path.size() >= sizeof(sockaddr_un::sun_path)) {
        throw TransportError("the path of the socket is too long",
                             "Use a shorter path for the socket in redis.address.");
    }
    asio::local::stream_protocol::socket socket(waiter.context());
    check(run(waiter, deadline,
              [&](const auto& done) {
                  socket.async_connect(asio::local::stream_protocol::endpoint(path),
                                       [done](const ErrorCode& error) { done(error); });
              }),
          "Check that the server is running, and that redis.address names its socket.");
    return {std::move(socket)};
}

Socket connect_at(Waiter& waiter, const asio::ip::tcp::endpoint& place, Clock::time_point deadline) {
    asio::ip::tcp::socket socket(waiter.context());
    check(run(waiter, deadline,
              [&](const auto& done) {
                  socket.async_connect(place, [done](const ErrorCode& error) { done(error); });
              }),
          "Check that the server is running, and that redis.address names its host and port.");
    socket.set_option(asio::ip::tcp::no_delay(true));
    socket.set_option(asio::socket_base::keep_alive(true));
    return {std::move(socket)};
}

// Asio's resolver is waited for when it is destroyed, however long the name servers take.
std::vector<asio::ip::tcp::endpoint> look_up(const Address& address, Clock::time_point deadline,
                                             util::Stop& stop) {
    const auto found = util::NameLookup(address.host).wait(deadline, stop);
    util::throw_if_requested(stop);
    if (!found) {
        throw TransportError(found.error(),
                             "Check the host in redis.address, and that the name servers of this machine "
                             "can be reached.");
    }
    std::uint16_t port = 0;
    std::from_chars(address.port.data(), address.port.data() + address.port.size(), port);
    std::vector<asio::ip::tcp::endpoint> places;
    places.reserve(found->size());
    for (const auto& number : *found) {
        places.emplace_back(asio::ip::make_address(number), port);
    }
    return places;
}

// One address after the other. Each has its part of the time: one that swallows everything must not keep us
// from the next.
Socket connect_tcp(Waiter& waiter, const Address& address, Clock::time_point deadline, util::Stop& stop) {
    const auto places = look_up(address, deadline, stop);
    auto left = static_cast<Clock::duration::rep>(places.size());
    for (const auto& place : places) {
        const Clock::time_point now = Clock::now();
        try {
            return connect_at(waiter, place, now + (deadline - now) / left);
        } catch (const TransportError&) {
            if (--left == 0) {
                throw;
            }
        }
    }
    throw TransportError("its name has no address", "Check the host in redis.address.");
}

[[noreturn]] void refuse(const SSL* session, const std::string& reason) {
    const std::string refused = refusal(session);
    if (!refused.empty()) {
        throw TransportError(
            fmt::format("its certificate is refused: {}", refused),
            "Point redis.tls.root-ca to the authority that signed the server's certificate, and "
            "address the server by the certificate's name.");
    }
    throw TransportError(fmt::format("TLS failed: {}", reason),
                         "Check that the server speaks TLS on this port (redis.tls.require).");
}

TlsStream shake_hands(Waiter& waiter, Socket socket, const Tls& tls, const std::string& host,
                      Clock::time_point deadline) {
    asio::ssl::context context(asio::ssl::context::tls_client);
    configure(context.native_handle(), tls);
    TlsStream stream(std::move(socket), context);
    expect_name(stream.native_handle(), tls, host);
    std::string problem;
    try {
        const ErrorCode error = run(waiter, deadline, [&](const auto& done) {
            stream.async_handshake(asio::ssl::stream_base::client,
                                   [done](const ErrorCode& code) { done(code); });
        });
        problem = error ? error.message() : "";
    } catch (const TransportError& error) {
        // A server without TLS waits for the end of what it takes for a line.
        problem = error.what();
    }
    if (!problem.empty()) {
        refuse(stream.native_handle(), problem);
    }
    return stream;
}

}  // namespace

std::unique_ptr<Transport> connect(const Address& address, const Tls& tls, std::chrono::milliseconds timeout,
                                   util::Stop& stop) {
    util::throw_if_requested(stop);
    if (tls.require && !address.path.empty()) {
        throw TransportError("TLS is not spoken over a unix socket",
                             "Turn redis.tls.require off, or set redis.address to host and port.");
    }
    const Clock::time_point deadline = Clock::now() + timeout;
    auto waiter = std::make_unique<Waiter>(stop);
    Socket socket = address.path.empty() ? connect_tcp(*waiter, address, deadline, stop)
                                         : connect_unix(*waiter, address.path, deadline);
    if (!tls.require) {
        return std::make_unique<StreamTransport<Socket>>(std::move(waiter), std::move(socket));
    }
    TlsStream stream = shake_hands(*waiter, std::move(socket), tls, address.host, deadline);
    return std::make_unique<StreamTransport<TlsStream>>(std::move(waiter), std::move(stream));
}

}  // namespace tti::redis
