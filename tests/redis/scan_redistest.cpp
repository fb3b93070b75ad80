#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "redis/scan.hpp"
#include "support/fault_proxy.hpp"
#include "support/redis_server.hpp"

namespace tti::redis {
namespace {

class ScanTest : public testing::Test {
  protected:
    ScanTest() { fill(); }
    void fill() {
        Connection connection(server_.target(), {.context = "test"}, stop_);
        Commands commands;
        for (int i = 0; i < 3000; ++i) {
            commands.add("SET", "a:" + std::to_string(i), "1");
        }
        commands.add("XADD", "a:stream", "*", "f", "v");
        commands.add("SET", "b*:1", "1");
        commands.add("SET", "bx:1", "1");
        connection.pipeline(commands);
    }
    std::set<std::string> all(Scan& scan) {
        std::set<std::string> found;
        std::vector<std::string> keys;
        while (scan.next(keys)) {
            found.insert(keys.begin(), keys.end());
        }
        return found;
    }
    Target through_proxy() const {
        Target target;
        target.address = proxy_.socket();
        return target;
    }

    test::RedisServer server_;
    test::FaultProxy proxy_{server_.socket()};
    util::NeverStop stop_;
    Connection connection_{through_proxy(), {.context = "test"}, stop_};
};

TEST_F(ScanTest, FindsEveryKey) {
    Scan scan(connection_, {});
    EXPECT_EQ(all(scan).size(), 3003);
    std::vector<std::string> keys{"left over"};
    EXPECT_FALSE(scan.next(keys));
    EXPECT_THAT(keys, testing::IsEmpty());
}

TEST_F(ScanTest, FindsWhatMatchesAndIsOfTheType) {
    Scan literal(connection_, {.match = escape_glob("b*:") + "*"});
    EXPECT_THAT(all(literal), testing::ElementsAre("b*:1"));
    Scan streams(connection_, {.match = "a:*", .type = "stream"});
    EXPECT_THAT(all(streams), testing::ElementsAre("a:stream"));
}

TEST_F(ScanTest, GoesOnAfterALostConnection) {
    Scan scan(connection_, {.count = 100});
    std::set<std::string> found;
    std::vector<std::string> keys;
    for (int page = 0; scan.next(keys); ++page) {
        found.insert(keys.begin(), keys.end());
        if (page % 5 == 0) {
            proxy_.cut_after(20);
        }
    }
    EXPECT_EQ(found.size(), 3003);
    EXPECT_GE(proxy_.connections(), 5);
}

TEST_F(ScanTest, BeginsAnewInAnotherProcess) {
    Scan scan(connection_, {.count = 100});
    std::vector<std::string> keys;
    ASSERT_TRUE(scan.next(keys));
    const std::string before = connection_.server().run_id;
    server_.stop();
    server_.start();
    fill();
    EXPECT_EQ(all(scan).size(), 3003);
    EXPECT_NE(connection_.server().run_id, before);
}

TEST_F(ScanTest, BeginsAtACursor) {
    Scan first(connection_, {.count = 100});
    std::vector<std::string> keys;
    std::set<std::string> found;
    for (int page = 0; page < 5; ++page) {
        ASSERT_TRUE(first.next(keys));
        found.insert(keys.begin(), keys.end());
    }
    Scan second(connection_, {.count = 100, .cursor = first.cursor()});
    const auto rest = all(second);
    EXPECT_LT(rest.size(), 3000);
    found.insert(rest.begin(), rest.end());
    EXPECT_EQ(found.size(), 3003);
}

}  // namespace
}  // namespace tti::redis
