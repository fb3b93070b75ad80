#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "network_server/migrate.hpp"
#include "network_server/network.hpp"
#include "network_server/prune.hpp"

namespace tti::network_server::test {
namespace {

// Old layouts of every kind, damage, and streams with something of everything.
void fill(RedisDatabase& database) {
    auto& connection = database.connection();
    for (int n = 0; n < 200; ++n) {
        const auto uid = "app1.dev" + std::to_string(n);
        const auto address = 0x26000000U + static_cast<std::uint32_t>(n) / 2;
        const Device device{.uid = uid,
                            .dev_eui = static_cast<std::uint64_t>(n),
                            .address = address,
                            .pending_address = address + 0x1000,
                            .frames = 7};
        database.set(key("uid:" + uid), record_of(device));
        const auto set = key("addr:" + address_text(address));
        if (n % 4 == 0) connection.call("SADD", set, uid, "app1.gone");
        if (n % 4 == 1) connection.call("ZADD", set + ":16bit", "7", uid);
        if (n % 4 == 2) connection.call("ZADD", set + ":32bit", "7", uid);
        if (n % 4 == 3) connection.call("HSET", set + ":current:fields", uid, "\x80");
        connection.call("SADD", key("addr:" + address_text(address + 0x1000) + ":pending"), uid);
        connection.call("HSET", key("uid:" + uid + ":fields"), "a", "b");
        database.set(below + ("uid:" + uid + ":last-invalidation"), "1");
    }
    for (int n = 0; n < 5; ++n) {
        const auto stream = below + ("uid:app" + std::to_string(n) + ":uplinks");
        for (int id = 1; id <= 50; ++id)
            connection.call("XADD", stream, std::to_string(id) + "-0", "payload", "x");
        connection.call("XGROUP", "CREATE", stream, "ns", "0");
        if (n == 4) {
            connection.call("XGROUP", "SETID", stream, "ns", "50-0");
            continue;
        }
        connection.call("XREADGROUP", "GROUP", "ns", "host:1", "COUNT", "40", "STREAMS", stream, ">");
        for (int id = 1; id <= 40; ++id) {
            if (id % 10 != 0) connection.call("XACK", stream, "ns", std::to_string(id) + "-0");
        }
        connection.call("XDEL", stream, "20-0");
    }
    for (const auto* task : {"input", "ready"}) {
        const auto stream = std::string("ttn:v3:ns:tasks:downlink:") + task;
        for (int id = 1; id <= 250; ++id) {
            connection.call("XADD", stream, std::to_string(id) + "-0", "payload",
                            "app1.dev" + std::to_string(id), "start_at", "1710028800000000000");
        }
        connection.call("XGROUP", "CREATE", stream, "ns", "200-0");
    }
}

struct Case {
    std::string command;
    cli::Command (*again)();
    std::vector<settings::FlagText> flags;
    std::vector<std::string> points;
};

void expect_continued(const Case& tried) {
    RedisDatabase database;
    fill(database);
    database.must_run(tried.again(), tried.flags);
    const auto undisturbed = contents(database);
    for (const auto& point : tried.points) {
        RedisDatabase killed;
        fill(killed);
        ASSERT_TRUE(killed.is_killed(tried.command, point)) << point;
        killed.connection().call("DEL", "ttn:v3:tti:lock:ns");  // instead of waiting for its end
        killed.must_run(tried.again(), tried.flags);
        EXPECT_EQ(contents(killed), undisturbed) << point;
    }
}

TEST(Killed, MigrateIsContinued) {
    expect_continued(
        {"ns-db migrate --rebuild-index",
         migrate_command,
         {{"rebuild-index", "true"}},
         {"before step", "migrate uplinks: before", "last invalidations", "migrate uplinks: version",
          "after step", "migrate devices: before", "convert: pending sets moved", "guarded change",
          "guarded change:5", "convert: members", "convert: device fields", "safe point:3",
          "migrate devices: version", "after step:2", "rebuild index: before", "guarded change:3",
          "rebuild index: after"}});
}

TEST(Killed, PruneIsContinued) {
    expect_continued({"ns-db prune",
                      prune_command,
                      {},
                      {"prune legacy: before", "prune: acknowledged", "prune: trimmed", "prune: sifting",
                       "prune: sifted", "prune: batch", "prune: trimmed:2", "prune: batch:2", "lost tasks",
                       "lost tasks:2", "prune tasks: after"}});
}

TEST(Killed, PruneWithPendingIsContinued) {
    expect_continued({"ns-db prune --include-pending",
                      prune_command,
                      {{"include-pending", "true"}},
                      {"prune: acknowledged", "prune: trimmed", "safe point:1"}});
}

}  // namespace
}  // namespace tti::network_server::test
