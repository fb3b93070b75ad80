#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stale_records/redis_fixture.hpp"
#include "support/restore_command.hpp"

namespace tti::stale_records::test {
namespace {

using lorawan::KeyKind;

class Undo : public testing::Test {
  protected:
    Undo() : folder_(tti::test::make_folder("tti-stale-undo")) {}
    ~Undo() override { std::filesystem::remove_all(folder_); }

    std::string clean_up(const cli::Command& command) {
        const auto outcome = deployment.redis.must_run(
            command, {{"yes", "true"}, {"max-delete", "100%"}, {"undo-to", folder_.string()}});
        return outcome.data.value("undo_file", "");
    }

    void restore(const std::string& file) {
        ASSERT_FALSE(file.empty());
        deployment.redis.must_run(tti::test::restore_command(), {{"file", file}, {"yes", "true"}});
    }

    Deployment deployment;

  private:
    std::filesystem::path folder_;
};

TEST_F(Undo, BringsBackExactlyWhatWasThere) {
    auto& connection = deployment.redis.connection();
    const auto devices = sample_devices(0, 40);
    for (auto device : devices) {
        device.pending_dev_addr = *device.dev_addr + 0x1000;
        device.served_devices = {"served-" + device.device_id};
        deployment.add(device);
        connection.call("ZADD", deployment.key(KeyKind::ns_downlink_waiting), "1700000000000000000",
                        device.uid());
        connection.call("HSET", deployment.key(KeyKind::as_location, {device.uid()}), "_stored_at", "1");
        connection.call("PEXPIRE", deployment.key(KeyKind::as_location, {device.uid()}), "100000000");
    }
    for (const std::string id : {"app-0", "app-1", "app-2"}) deployment.add_application(id);
    deployment.known(sample_devices(0, 10), {"app-0"});
    const auto before = deployment.redis.state();
    std::vector<std::string> files;
    for (const auto& command : {ns_cleanup(), as_cleanup(), js_cleanup()}) files.push_back(clean_up(command));
    EXPECT_LT(deployment.redis.state().size(), before.size() / 2);
    for (const auto& file : files) restore(file);
    const auto after = deployment.redis.state();
    for (const auto& [key, value] : before) {
        const auto found = after.find(key);
        EXPECT_TRUE(found != after.end()) << key;
        // The members of a set may come back in another order.
        const auto rule =
            lorawan::rule(lorawan::Keys(std::vector<std::string>{"ttn", "v3"}).parse(key)->kind);
        if (found != after.end() && rule.type != "hash" && rule.type != "zset" && rule.type != "set") {
            EXPECT_EQ(found->second, value) << key;
        }
    }
    EXPECT_EQ(after.size(), before.size());
    for (const auto& device : devices) {
        EXPECT_EQ(
            connection.call("ZSCORE", deployment.key(KeyKind::ns_downlink_waiting), device.uid())->text(),
            "1.7e+18");
    }
}

TEST_F(Undo, HoldsTheMessagesOfTheQueue) {
    const auto devices = sample_devices(0, 2);
    for (const auto& device : devices) {
        deployment.add_to_network_server(device);
        deployment.redis.connection().call("XADD", deployment.key(KeyKind::ns_uplinks), "*", "uid",
                                           device.uid(), "payload", "CgA");
    }
    deployment.known({devices[0]}, {});
    const auto file = clean_up(ns_cleanup());
    const auto queue = deployment.key(KeyKind::ns_uplinks);
    EXPECT_EQ(deployment.redis.connection().call("XLEN", queue)->integer(), 1);
    restore(file);
    EXPECT_EQ(deployment.redis.connection().call("XLEN", queue)->integer(), 2);
}

TEST_F(Undo, TakesNoMessageAwayThatAConsumerWouldStumbleOver) {
    const auto devices = sample_devices(0, 2);
    const auto queue = deployment.key(KeyKind::ns_uplinks);
    auto& connection = deployment.redis.connection();
    connection.call("XGROUP", "CREATE", queue, "ns", "0", "MKSTREAM");
    for (const auto& device : devices) {
        deployment.add_to_network_server(device);
        connection.call("XADD", queue, "*", "uid", device.uid(), "payload", "CgA");
    }
    connection.call("XREADGROUP", "GROUP", "ns", "host:1:0", "STREAMS", queue, ">");
    deployment.known({devices[0]}, {});
    clean_up(ns_cleanup());
    EXPECT_EQ(connection.call("XPENDING", queue, "ns").view()[0].integer(), 1);
    EXPECT_EQ(connection.call("XLEN", queue)->integer(), 1);
}

TEST_F(Undo, IsWrittenBeforeAnythingGoes) {
    for (const auto& device : sample_devices(0, 20)) deployment.add_to_network_server(device);
    deployment.known(sample_devices(0, 5), {});
    const auto before = deployment.redis.state();
    for (const auto& [name, value] : deployment.redis.given.environment)
        setenv(name.c_str(), value.c_str(), 1);
    const auto folder = tti::test::make_folder("tti-stale-killed");
    EXPECT_TRUE(deployment.redis.is_killed(
        "ns-db cleanup --yes --max-delete=100% --undo-to=" + folder.string(), "stale records removed"));
    deployment.redis.connection().call("DEL", "ttn:v3:tti:lock:ns");
    EXPECT_NE(deployment.redis.state(), before);
    for (const auto& file : std::filesystem::directory_iterator(folder)) restore(file.path().string());
    EXPECT_EQ(deployment.redis.state().size(), before.size());
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace tti::stale_records::test
