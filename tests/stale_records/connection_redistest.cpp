#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stale_records/redis_fixture.hpp"
#include "support/fault_proxy.hpp"

namespace tti::stale_records::test {
namespace {

constexpr std::size_t cut_devices = 200;
constexpr std::size_t cut_live = 50;

void fill_to_cut(Deployment& deployment) {
    for (const auto& device : sample_devices(0, cut_devices)) deployment.add(device);
    deployment.known(sample_devices(0, cut_live), {"app-0", "app-1"});
}

// The connection is lost after so many bytes of the server: while walking, reading, writing down, or
// removing.
class Cut : public testing::TestWithParam<std::size_t> {};

TEST_P(Cut, RecoversOrEndsClearlyAndARerunEndsRight) {
    Deployment deployment;
    fill_to_cut(deployment);
    for (const auto& command : {ns_cleanup(), js_cleanup()}) deployment.redis.must_run(command, freely());
    const auto wanted = deployment.redis.state();
    deployment.redis.connection().call("FLUSHALL");
    fill_to_cut(deployment);
    tti::test::FaultProxy proxy(deployment.redis.address());
    for (const auto& command : {ns_cleanup(), js_cleanup()}) {
        deployment.redis.given.environment["TTN_LW_REDIS_ADDRESS"] = proxy.socket();
        proxy.cut_after(GetParam());
        const auto outcome = deployment.redis.run(command, freely());
        EXPECT_TRUE(outcome.code == ExitCode::done || outcome.code == ExitCode::unreachable) << outcome.error;
        deployment.redis.given.environment["TTN_LW_REDIS_ADDRESS"] = deployment.redis.address();
        deployment.redis.must_run(command, freely({{"wait", "30s"}}));
    }
    EXPECT_EQ(deployment.redis.state(), wanted);
}

INSTANTIATE_TEST_SUITE_P(AfterBytes, Cut, testing::Values(20'000, 60'000, 90'000, 150'000, 250'000));

}  // namespace
}  // namespace tti::stale_records::test
