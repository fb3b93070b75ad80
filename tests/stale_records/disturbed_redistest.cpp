#include <atomic>
#include <cstdlib>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lorawan/mutex.hpp"
#include "stale_records/redis_fixture.hpp"

namespace tti::stale_records::test {
namespace {

using lorawan::KeyKind;
using testing::HasSubstr;

constexpr std::size_t all = 300;
constexpr std::size_t live = 100;

void fill(Deployment& deployment) {
    for (const auto& device : sample_devices(0, all)) deployment.add(device);
    for (std::size_t number = live - 5; number < live + 5; ++number) {
        deployment.redis.connection().call("XADD", deployment.key(KeyKind::ns_uplinks),
                                           "1-" + std::to_string(number), "uid",
                                           sample_devices(number, 1).front().uid(), "payload", "");
    }
    deployment.known(sample_devices(0, live), {"app-0"});
}

class Killed : public testing::TestWithParam<const char*> {};

TEST_P(Killed, EndsAsIfItHadNotBeenOnceItIsRunAgain) {
    Deployment deployment;
    fill(deployment);
    const std::vector<std::string> groups{"ns-db", "as-db", "js-db"};
    for (const auto& command : {ns_cleanup(), as_cleanup(), js_cleanup()})
        deployment.redis.must_run(command, freely());
    auto wanted = deployment.redis.state();
    deployment.redis.connection().call("FLUSHALL");
    fill(deployment);
    for (const auto& [name, value] : deployment.redis.given.environment)
        setenv(name.c_str(), value.c_str(), 1);
    bool killed = false;
    for (const auto& group : groups) {
        killed =
            deployment.redis.is_killed(group + " cleanup --yes --no-undo --max-delete=100%", GetParam()) ||
            killed;
    }
    EXPECT_TRUE(killed);
    // What time would do with the locks of the killed runs.
    for (const auto& group : groups) {
        deployment.redis.connection().call("DEL", "ttn:v3:tti:lock:" + group.substr(0, 2));
    }
    for (const auto& command : {ns_cleanup(), as_cleanup(), js_cleanup()}) {
        deployment.redis.must_run(command, freely());
    }
    auto state = deployment.redis.state();
    // A stream remembers how often it was trimmed.
    const auto queue = deployment.key(KeyKind::ns_uplinks);
    EXPECT_EQ(deployment.redis.connection().call("XLEN", queue)->integer(), 5);
    state.erase(queue);
    wanted.erase(queue);
    EXPECT_EQ(state, wanted);
}

INSTANTIATE_TEST_SUITE_P(AtEveryPoint, Killed,
                         testing::Values("before stale records", "stale records written down:2",
                                         "stale records removed:1", "stale records removed:2", "after step",
                                         "before queued uplinks", "queued uplinks removed",
                                         "before orphans"));

// A server of the stack that changes a record under its mutex, or without, as fast as it can.
class Writer {
  public:
    Writer(const Deployment& deployment, std::string key, bool with_mutex)
        : thread_([this, address = deployment.redis.address(), key = std::move(key), with_mutex] {
              util::NeverStop never;
              redis::Connection connection({.address = address}, {.context = "writer"}, never);
              for (int number = 0; !end_; ++number) {
                  if (with_mutex) {
                      const lorawan::Mutex mutex(connection, key, std::chrono::seconds(20));
                      change(connection, key, number);
                      std::this_thread::sleep_for(std::chrono::milliseconds(5));
                  } else {
                      change(connection, key, number);
                  }
              }
          }) {}
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;
    ~Writer() {
        end_ = true;
        thread_.join();
    }

  private:
    // As an EXEC after WATCH: only a record that is there is changed.
    static void change(redis::Connection& connection, const std::string& key, int number) {
        auto device = tti::test::sample_device(live);
        device.device_id = "dev" + std::to_string(live);
        device.last_f_cnt_up = static_cast<std::uint32_t>(number);
        connection.call("SET", key, tti::test::network_server_record(device).text(), "XX");
    }

    std::atomic<bool> end_ = false;
    std::thread thread_;
};

TEST(Disturbed, ADeviceThatIsWrittenAllTheTimeGoesOnceAndForAll) {
    Deployment deployment;
    fill(deployment);
    const auto key = deployment.key(KeyKind::ns_device, {sample_devices(live, 1).front().uid()});
    {
        const Writer one(deployment, key, true);
        const Writer two(deployment, key, true);
        deployment.redis.must_run(ns_cleanup(), freely());
    }
    EXPECT_FALSE(deployment.redis.exists(key));
    EXPECT_FALSE(deployment.redis.exists(deployment.key(
        KeyKind::ns_eui,
        {sample_devices(live, 1).front().join_eui_text(), sample_devices(live, 1).front().dev_eui_text()})));
}

TEST(Disturbed, WaitsForAMutexThatIsHeld) {
    Deployment deployment;
    fill(deployment);
    const auto key = deployment.key(KeyKind::ns_device, {sample_devices(live, 1).front().uid()});
    deployment.redis.connection().call("SET", key + ":lock", "SOMEBODYELSE", "PX", "1500");
    const auto start = std::chrono::steady_clock::now();
    deployment.redis.must_run(ns_cleanup(), freely());
    EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(1000));
    EXPECT_FALSE(deployment.redis.exists(key));
}

TEST(Disturbed, RecordsThatComeAndGoMeanwhileAreNoFailure) {
    Deployment deployment;
    fill(deployment);
    std::atomic<bool> end = false;
    std::thread deleter([&] {
        util::NeverStop never;
        redis::Connection connection({.address = deployment.redis.address()}, {.context = "deleter"}, never);
        for (std::size_t number = live; number < all && !end; number += 3) {
            const auto uid = sample_devices(number, 1).front().uid();
            connection.call("DEL", deployment.key(KeyKind::ns_device, {uid}));
            connection.call("SET", deployment.key(KeyKind::ns_device, {"app-0.new" + std::to_string(number)}),
                            "");
        }
    });
    const auto outcome = deployment.redis.run(ns_cleanup(), freely());
    end = true;
    deleter.join();
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    for (const auto& device : sample_devices(0, live)) {
        EXPECT_TRUE(deployment.redis.exists(deployment.key(KeyKind::ns_device, {device.uid()})));
    }
    for (const auto& device : sample_devices(live, all - live)) {
        EXPECT_FALSE(deployment.redis.exists(deployment.key(KeyKind::ns_device, {device.uid()})));
    }
}

TEST(Disturbed, TheIdentityServerGoneInTheMiddleIsAClearError) {
    Deployment deployment;
    fill(deployment);
    const auto before = deployment.redis.state();
    deployment.known({}, {}, "option fail UNAVAILABLE restarting\n");
    const auto outcome = deployment.redis.run(ns_cleanup(), freely());
    EXPECT_EQ(outcome.code, ExitCode::unreachable);
    EXPECT_THAT(outcome.error, HasSubstr("restarting"));
    deployment.identity_server.set("option key 00\n");
    const auto refused = deployment.redis.run(ns_cleanup(), freely());
    EXPECT_EQ(refused.code, ExitCode::refused);
    EXPECT_THAT(refused.hint, HasSubstr("cluster.keys"));
    EXPECT_EQ(deployment.redis.state(), before);
}

}  // namespace
}  // namespace tti::stale_records::test
