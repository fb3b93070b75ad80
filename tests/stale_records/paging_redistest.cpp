#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "redis/commands.hpp"
#include "stale_records/redis_fixture.hpp"

namespace tti::stale_records::test {
namespace {

using lorawan::KeyKind;
using testing::HasSubstr;

// The case in which the stack's own cleanup listed 4,382 live devices: OFFSET paging over an order that is
// not unique.
TEST(Paging, FindsNoCandidateAmongLiveDevicesThatShareTheirIds) {
    constexpr int applications = 5000;
    Deployment deployment;
    std::string state = "option key 00112233445566778899aabbccddeeff\noption ties random\n";
    redis::Commands commands;
    for (int number = 0; number < applications; ++number) {
        for (const std::string device : {"sensor", "meter", "tracker", "valve"}) {
            const auto application = "app-" + std::to_string(number);
            state += "device ";
            state += application + " " + device + "\n";
            commands.add("SET", deployment.key(KeyKind::ns_device, {application + "." + device}), "");
        }
    }
    deployment.redis.connection().pipeline(commands);
    deployment.identity_server.set(state);
    const auto outcome = deployment.redis.must_run(ns_cleanup(), freely());
    EXPECT_THAT(outcome.text, HasSubstr("nothing to do")) << outcome.data;
    EXPECT_EQ(deployment.redis.connection().call("DBSIZE")->integer() >= 20'000, true);
}

TEST(Paging, PausesBetweenPages) {
    Deployment deployment;
    deployment.add_to_network_server(tti::test::sample_device(0));
    deployment.known({tti::test::sample_device(0)}, {});
    const auto start = std::chrono::steady_clock::now();
    deployment.redis.must_run(ns_cleanup(), freely({{"pagination-delay", "300ms"}}));
    EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(600));
}

}  // namespace
}  // namespace tti::stale_records::test
