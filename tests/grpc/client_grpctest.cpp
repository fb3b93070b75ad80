#include <atomic>
#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "grpc/client.hpp"
#include "support/identity_server.hpp"

namespace tti::grpc {
namespace {

using namespace std::chrono_literals;
using test::IdentityServer;
using testing::HasSubstr;

constexpr auto list = "/ttn.lorawan.v3.EndDeviceRegistry/List";
constexpr auto get = "/ttn.lorawan.v3.EndDeviceRegistry/Get";
// EndDeviceIdentifiers of device "dev" of application "app", as the field 1 of a request.
const std::string ids_of_dev = "\x0a\x0c\x0a\x03\x64\x65\x76\x12\x05\x0a\x03\x61\x70\x70";

ClientOptions options(const IdentityServer& server) {
    return {.address = {"127.0.0.1", server.port()},
            .metadata = {{"authorization", Secret("ClusterKey 0badc0de")}, {"id", Secret("test")}},
            .context = "identity server",
            .call_timeout = 5s};
}

template <typename Exception = Error>
Exception failure(const ClientOptions& options, std::string_view method, std::string_view message = "") {
    util::NeverStop never;
    try {
        Client(options, never).call(method, message);
    } catch (const Exception& error) {
        return error;
    }
    throw std::runtime_error("the call did not fail");
}

TEST(GrpcClient, CallsAgainAndAgain) {
    IdentityServer server("device app dev\noption key 0badc0de\n");
    util::NeverStop never;
    Client client(options(server), never);
    for (int times = 0; times < 3; ++times) {
        const auto reply = client.call(get, ids_of_dev);
        EXPECT_EQ(reply.message, ids_of_dev);
        EXPECT_FALSE(reply.metadata("x-total-count"));
    }
    EXPECT_EQ(client.call(list, "").metadata("x-total-count"), "1");
}

TEST(GrpcClient, TellsTheStatusAndItsMessage) {
    IdentityServer server("option key 0badc0de\n");
    const auto error = failure<StatusError>(options(server), get, ids_of_dev);
    EXPECT_EQ(error.status(), Status::not_found);
    EXPECT_THAT(error.what(), HasSubstr("end device `dev` not found: 100% gone \u2013 really (NOT_FOUND)"));
    server.set("option key 00\n");
    EXPECT_EQ(failure<StatusError>(options(server), list).code(), ExitCode::refused);
    server.set("option fail UNAVAILABLE later\n");
    EXPECT_EQ(failure<StatusError>(options(server), list).code(), ExitCode::unreachable);
    EXPECT_EQ(failure<StatusError>(options(server), "/a.Service/Nothing").status(), Status::unimplemented);
}

TEST(GrpcClient, NeverShowsTheKey) {
    IdentityServer server("option key 00\n");
    EXPECT_THAT(failure(options(server), list).what(), testing::Not(HasSubstr("0badc0de")));
}

TEST(GrpcClient, TakesLargeMessagesUpToItsLimit) {
    std::string state;
    for (int number = 0; number < 20'000; ++number)
        state += "device app dev-" + std::to_string(number) + "\n";
    IdentityServer server(state);
    util::NeverStop never;
    auto limited = options(server);
    EXPECT_GT(Client(limited, never).call(list, "").message.size(), 400'000U);
    limited.largest_message = 300'000;
    EXPECT_THAT(failure(limited, list).what(), HasSubstr("more than 300000 bytes"));
}

TEST(GrpcClient, SpeaksTlsToTheServerThatItMeans) {
    IdentityServer server("device app dev\n", IdentityServer::Transport::tls);
    util::NeverStop never;
    auto secure = options(server);
    secure.tls = Tls{.root_ca = server.certificate(), .server_name = "identity.test"};
    Client client(secure, never);
    for (int times = 0; times < 3; ++times) EXPECT_EQ(client.call(list, "").metadata("x-total-count"), "1");
    secure.tls->server_name = "other.test";
    EXPECT_THAT(failure<UnreachableError>(secure, list).hint(), HasSubstr("name"));
    secure.tls = Tls{};
    EXPECT_THAT(failure<UnreachableError>(secure, list).hint(), HasSubstr("authorities"));
    secure.tls->insecure_skip_verify = true;
    EXPECT_EQ(Client(secure, never).call(list, "").metadata("x-total-count"), "1");
    secure.tls.reset();
    failure<UnreachableError>(secure, list);
}

TEST(GrpcClient, SaysWhomItCannotReach) {
    IdentityServer server("");
    server.end();
    const auto error = failure<UnreachableError>(options(server), list);
    EXPECT_THAT(error.what(), HasSubstr("identity server: cannot connect to " + server.address()));
}

TEST(GrpcClient, WaitsNoLongerThanItsTime) {
    IdentityServer server("option delay 3\n");
    auto hasty = options(server);
    hasty.call_timeout = 300ms;
    EXPECT_EQ(failure(hasty, list).code(), ExitCode::unreachable);
}

// Asks for an end by its descriptor.
class TestStop final : public util::Stop {
  public:
    TestStop() : descriptor_(eventfd(0, EFD_CLOEXEC)) {}
    TestStop(const TestStop&) = delete;
    TestStop& operator=(const TestStop&) = delete;
    ~TestStop() override { close(descriptor_); }
    void request() {
        requested_ = true;
        eventfd_write(descriptor_, 1);
    }
    bool requested() override { return requested_; }
    [[nodiscard]] int descriptor() const override { return descriptor_; }

  private:
    int descriptor_;
    std::atomic<bool> requested_{false};
};

TEST(GrpcClient, EndsAWaitWhenAsked) {
    IdentityServer server("option delay 4\n");
    TestStop stop;
    Client client(options(server), stop);
    const auto start = std::chrono::steady_clock::now();
    std::thread asker([&] {
        std::this_thread::sleep_for(200ms);
        stop.request();
    });
    EXPECT_THROW(client.call(list, ""), InterruptedError);
    asker.join();
    EXPECT_LT(std::chrono::steady_clock::now() - start, 3s);
}

}  // namespace
}  // namespace tti::grpc
