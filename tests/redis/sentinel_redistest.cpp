#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "redis/connection.hpp"
#include "support/fake_server.hpp"
#include "support/redis_sentinels.hpp"
#include "support/redis_server.hpp"

namespace tti::redis {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

const ConnectOptions options{
    .context = "test", .connect_timeout = milliseconds(1000), .patience = milliseconds(30000)};

class SentinelTest : public testing::Test {
  protected:
    SentinelTest() {
        Connection replica(replica_.target(), options, stop_);
        wait_until([&] {
            return replica.call("INFO", "replication")->text().find("link_status:up") != std::string::npos;
        });
    }
    void wait_until(const std::function<bool()>& condition) {
        for (int i = 0; i < 1000 && !condition(); ++i) {
            std::this_thread::sleep_for(milliseconds(20));
        }
        ASSERT_TRUE(condition());
    }
    void wait_for_sentinels(const test::RedisSentinels& sentinels, const Target& like) {
        for (const std::string& address : sentinels.addresses()) {
            Target target;
            target.address = address;
            target.user_name = like.failover->user_name;
            target.password = like.failover->password;
            wait_until([&] {
                try {
                    Connection sentinel(target, options, stop_);
                    const std::string info(sentinel.call("INFO", "sentinel")->text());
                    return info.find("status=ok") != std::string::npos &&
                           info.find("slaves=1") != std::string::npos &&
                           info.find("sentinels=" + std::to_string(sentinels.addresses().size())) !=
                               std::string::npos;
                } catch (const ConnectionError&) {
                    return false;
                }
            });
        }
    }
    static Target by(const test::RedisSentinels& sentinels) {
        Target target;
        target.failover = Failover{sentinels.addresses(), "mymaster", "", Secret()};
        return target;
    }

    test::RedisServer primary_{{"--repl-diskless-sync-delay", "0"}, test::free_port()};
    test::RedisServer replica_{{"--replicaof", "127.0.0.1 " + std::to_string(primary_.port())},
                               test::free_port()};
    util::NeverStop stop_;
};

TEST_F(SentinelTest, WorkGoesOnThroughAFailOver) {
    const test::RedisSentinels sentinels(3, primary_.port());
    const Target target = by(sentinels);
    wait_for_sentinels(sentinels, target);
    Connection connection(target, options, stop_);
    const Script script("return redis.call('SET', KEYS[1], ARGV[1])");
    connection.use(script);
    const auto batch = [&](int number) {
        Commands commands;
        for (int i = 0; i < 100; ++i) {
            const std::string key = std::to_string(number * 100 + i);
            const std::string_view keys[] = {key};
            const std::string_view arguments[] = {"1"};
            script.add_to(commands, keys, arguments);
        }
        // What the primary has not passed on when it dies is lost, so this waits for the replica.
        commands.add("WAIT", number < 10 ? "1" : "0", "5000");
        connection.repeat([&] { connection.pipeline(commands); });
    };
    for (int number = 0; number < 20; ++number) {
        if (number == 10) {
            primary_.stop();
        }
        batch(number);
    }
    EXPECT_EQ(connection.call("DBSIZE")->integer(), 2000);
    Connection promoted(replica_.target(), options, stop_);
    EXPECT_EQ(promoted.server().run_id, connection.server().run_id);
}

TEST_F(SentinelTest, AReplicaThatTookThePrimarysPlaceIsLeft) {
    const test::RedisSentinels sentinels(3, primary_.port());
    const Target target = by(sentinels);
    wait_for_sentinels(sentinels, target);
    Connection connection(target, options, stop_);
    connection.call("SET", "a", "1");
    Target one;
    one.address = sentinels.addresses()[0];
    Connection(one, options, stop_).call("SENTINEL", "FAILOVER", "mymaster");
    Connection promoted(replica_.target(), options, stop_);
    // Sentinels close the connections of a server when they change its part, so what asks it asks again.
    wait_until([&] {
        bool is_primary = false;
        promoted.repeat([&] { is_primary = promoted.call("ROLE").view()[0].text() == "master"; });
        return is_primary;
    });
    // The Sentinels do this too, some seconds later.
    Connection former(primary_.target(), options, stop_);
    former.repeat([&] { former.call("REPLICAOF", "127.0.0.1", std::to_string(replica_.port())); });
    connection.repeat([&] { connection.call("SET", "a", "2"); });
    EXPECT_EQ(connection.call("GET", "a")->text(), "2");
    EXPECT_FALSE(connection.server().replica);
}

TEST_F(SentinelTest, OneSentinelThatAnswersIsEnough) {
    test::RedisSentinels sentinels(3, primary_.port());
    const Target target = by(sentinels);
    wait_for_sentinels(sentinels, target);
    sentinels.stop(0);
    sentinels.stop(1);
    EXPECT_EQ(Connection(target, options, stop_).call("PING")->text(), "PONG");
    sentinels.stop(2);
    try {
        Connection(target, options, stop_).call("PING");
        FAIL();
    } catch (const ConnectionError& error) {
        EXPECT_THAT(error.what(),
                    HasSubstr("test: cannot find the primary of mymaster: Sentinel 127.0.0.1:"));
        EXPECT_THAT(error.hint(), HasSubstr("redis.failover.addresses"));
    }
}

TEST_F(SentinelTest, ASentinelThatIsSilentIsPassedOver) {
    const test::RedisSentinels sentinels(1, primary_.port());
    Target target = by(sentinels);
    wait_for_sentinels(sentinels, target);
    const test::FakeServer silent({}, test::FakeServer::End::silence);
    target.failover->addresses.insert(target.failover->addresses.begin(), silent.socket());
    EXPECT_EQ(Connection(target, options, stop_).call("PING")->text(), "PONG");
}

TEST_F(SentinelTest, SentinelsMayHaveAPasswordOfTheirOwn) {
    const test::RedisSentinels sentinels(1, primary_.port(),
                                         {"requirepass sesame", "sentinel sentinel-pass sesame"});
    Target target = by(sentinels);
    target.failover->password = Secret("sesame");
    wait_for_sentinels(sentinels, target);
    EXPECT_EQ(Connection(target, options, stop_).call("PING")->text(), "PONG");
    target.failover->password = Secret("wrong");
    EXPECT_THROW(Connection(target, options, stop_), ServerError);
}

TEST_F(SentinelTest, AnUnknownNameAndAReplicaAreToldApart) {
    const test::RedisSentinels sentinels(1, primary_.port());
    Target target = by(sentinels);
    wait_for_sentinels(sentinels, target);
    target.failover->master_name = "other";
    try {
        Connection connection(target, options, stop_);
        FAIL();
    } catch (const ConnectionError& error) {
        EXPECT_THAT(error.what(), HasSubstr("it knows no primary of this name"));
    }
    const std::string port = std::to_string(replica_.port());
    const test::FakeServer liar(
        {"*2\r\n$9\r\n127.0.0.1\r\n$" + std::to_string(port.size()) + "\r\n" + port + "\r\n"});
    target.failover->addresses = {liar.socket()};
    try {
        Connection connection(target, options, stop_);
        FAIL();
    } catch (const ConnectionError& error) {
        EXPECT_THAT(error.what(), HasSubstr("names 127.0.0.1:" + port + ": it is a replica"));
    }
}

}  // namespace
}  // namespace tti::redis
