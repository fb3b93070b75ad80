#include <atomic>
#include <random>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "network_server/network.hpp"
#include "network_server/prune.hpp"

namespace tti::network_server::test {
namespace {

constexpr const char* uplinks = "ttn:v3:ns:application-uplinks:uplinks";

// A Network Server's queue: what is added is read by two consumers, acknowledged and deleted in one plain
// pipeline; now and then nothing is acknowledged, and another consumer claims it later.
class Queue {
  public:
    explicit Queue(const std::string& socket)
        : connection_({.address = socket}, {.context = "stack"}, stop_) {}

    void add() {
        added_.insert(
            std::string(connection_.call("XADD", uplinks, "*", "uid", "app1.dev1", "payload", "x")->text()));
    }
    void work(const std::string& consumer, bool acknowledges) {
        const auto reply =
            connection_.call("XREADGROUP", "GROUP", "ns", consumer, "COUNT", "5", "STREAMS", uplinks, ">");
        if (reply->is_nil()) return;
        const auto entries = reply.view()[0][1];
        for (std::size_t index = 0; index < entries.size(); ++index) {
            if (acknowledges) finish(std::string(entries[index][0].text()));
        }
    }
    // Everything that is pending, as XAUTOCLAIM hands it over; an entry that is gone would come as nil.
    void claim(const std::string& consumer) {
        const auto reply = connection_.call("XAUTOCLAIM", uplinks, "ns", consumer, "0", "-", "COUNT", "1000");
        const auto entries = reply.view()[1];
        for (std::size_t index = 0; index < entries.size(); ++index) {
            ASSERT_FALSE(entries[index].is_nil());
            finish(std::string(entries[index][0].text()));
        }
        // Redis 7 names those that are gone; 6.2 has no such list.
        if (reply->size() > 2) {
            EXPECT_EQ(reply.view()[2].size(), 0U);
        }
    }
    [[nodiscard]] const std::set<std::string>& added() const { return added_; }
    [[nodiscard]] const std::set<std::string>& finished() const { return finished_; }

  private:
    void finish(const std::string& id) {
        finished_.insert(id);
        redis::Commands commands;
        commands.add("XACK", uplinks, "ns", id);
        commands.add("XDEL", uplinks, id);
        connection_.pipeline(commands);
    }

    util::NeverStop stop_;
    redis::Connection connection_;
    std::set<std::string> added_;
    std::set<std::string> finished_;
};

TEST(PruneBeside, ARunningStackLosesNothing) {
    RedisDatabase database;
    database.connection().call("XGROUP", "CREATE", uplinks, "ns", "0", "MKSTREAM");
    std::atomic<bool> end = false;
    Queue queue(database.address());
    std::thread stack([&] {
        std::mt19937 random(1);
        while (!end) {
            for (int entry = 0; entry < 4; ++entry) queue.add();
            queue.work("host:1:0", random() % 3 != 0);
            queue.work("host:1:1", random() % 3 != 0);
            if (random() % 10 == 0) queue.claim("host:1:2");
        }
    });
    for (int round = 0; round < 30; ++round) {
        const auto outcome = database.run(prune_command(), {{"dead-after", "0s"}});
        EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    }
    end = true;
    stack.join();
    while (queue.finished().size() < queue.added().size()) {
        const auto before = queue.finished().size();
        queue.work("host:1:0", true);
        queue.claim("host:1:0");
        ASSERT_GT(queue.finished().size(), before);
    }
    EXPECT_GT(queue.added().size(), 100U);
    EXPECT_EQ(queue.finished(), queue.added());
    EXPECT_EQ(database.connection().call("XLEN", uplinks)->integer(), 0);
}

}  // namespace
}  // namespace tti::network_server::test
