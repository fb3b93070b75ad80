#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "redis/connection.hpp"
#include "support/redis_server.hpp"
#include "support/trigger_stop.hpp"

namespace tti::redis {
namespace {

class ConnectionTest : public testing::Test {
  protected:
    test::RedisServer server_;
    test::TriggerStop stop_;
    Connection connection_{server_.target(), {.context = "test"}, stop_};
};

TEST_F(ConnectionTest, CallsAndAnswers) {
    EXPECT_EQ(connection_.call("SET", "a", "1")->text(), "OK");
    EXPECT_EQ(connection_.call("GET", "a")->number(), 1);
    EXPECT_TRUE(connection_.call("GET", "b")->is_nil());
    EXPECT_EQ(connection_.call("INCR", "a")->integer(), 2);
    EXPECT_EQ(connection_.call("CLIENT", "GETNAME")->text(), "tti-lw-stack");
    EXPECT_EQ(connection_.server().run_id.size(), 40);
    EXPECT_FALSE(connection_.server().replica);
}

TEST_F(ConnectionTest, PipelinesMoreThanTheSocketTakes) {
    Commands commands;
    const std::string value(1000, 'x');
    for (int i = 0; i < 20000; ++i) {
        commands.add("SET", std::to_string(i), value);
        commands.add("GET", std::to_string(i));
    }
    std::size_t next = 0;
    connection_.pipeline(commands, [&](std::size_t index, ReplyView reply) {
        ASSERT_EQ(index, next++);
        ASSERT_EQ(reply.text(), index % 2 == 0 ? "OK" : value);
    });
    EXPECT_EQ(next, commands.size());
}

TEST_F(ConnectionTest, TakesOneLargeValue) {
    const std::string value(50'000'000, 'x');
    connection_.call("SET", "a", value);
    EXPECT_EQ(connection_.call("GET", "a")->text(), value);
}

TEST_F(ConnectionTest, ThrowsAnErrorReplyAndGoesOn) {
    connection_.call("SET", "a", "1");
    try {
        connection_.call("LLEN", "a");
        FAIL();
    } catch (const ServerError& error) {
        EXPECT_EQ(error.kind(), "WRONGTYPE");
        EXPECT_THAT(error.what(), testing::StartsWith("test: /"));
    }
    Commands commands;
    commands.add("LLEN", "a");
    commands.add("INCR", "a");
    EXPECT_THROW(connection_.pipeline(commands), ServerError);
    EXPECT_EQ(connection_.call("GET", "a")->text(), "2");
}

TEST_F(ConnectionTest, ReadsTheRestWhenAHandlerThrows) {
    Commands commands;
    for (int i = 0; i < 1000; ++i) {
        commands.add("INCR", "a");
    }
    EXPECT_THROW(
        connection_.pipeline(commands, [](std::size_t, ReplyView) { throw std::runtime_error("no"); }),
        std::runtime_error);
    EXPECT_EQ(connection_.call("GET", "a")->text(), "1000");
}

TEST_F(ConnectionTest, AHandlerCannotUseItsConnection) {
    Commands commands;
    commands.add("INCR", "a");
    commands.add("INCR", "a");
    EXPECT_THROW(
        connection_.pipeline(commands, [this](std::size_t, ReplyView) { connection_.call("DEL", "a"); }),
        std::logic_error);
    EXPECT_EQ(connection_.call("GET", "a")->text(), "2");
}

TEST_F(ConnectionTest, ErrorsOfTheDataReachTheHandler) {
    connection_.call("SET", "a", "1");
    Commands commands;
    commands.add("LLEN", "a");
    commands.add("GET", "a");
    std::vector<bool> errors;
    connection_.pipeline(commands, [&](std::size_t, ReplyView reply) { errors.push_back(reply.is_error()); });
    EXPECT_THAT(errors, testing::ElementsAre(true, false));
}

TEST_F(ConnectionTest, ReadOnlySendsNothingThatMayWrite) {
    connection_.call("SET", "a", "1");
    Connection reading(server_.target(), {.context = "test", .mode = Mode::read_only}, stop_);
    EXPECT_EQ(reading.call("GET", "a")->text(), "1");
    EXPECT_THROW(reading.call("SET", "a", "2"), std::logic_error);
    Commands commands;
    commands.add("GET", "a");
    commands.add("UNLINK", "a");
    EXPECT_THROW(reading.pipeline(commands), std::logic_error);
    EXPECT_THROW(reading.repeat([&] { reading.call("DEL", "a"); }), std::logic_error);
    EXPECT_EQ(reading.call("GET", "a")->text(), "1");
}

TEST_F(ConnectionTest, AWaitEndsWhenAnEndIsAskedFor) {
    std::jthread asking([this] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        stop_.ask();
    });
    Commands command;
    command.add("BLPOP", "none", "20");
    const auto began = std::chrono::steady_clock::now();
    EXPECT_THROW(connection_.blocking(command, std::chrono::seconds(20)), InterruptedError);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
    asking.join();
    EXPECT_THROW(connection_.call("SET", "a", "1"), InterruptedError);
    EXPECT_THROW(connection_.repeat([&] { connection_.call("SET", "a", "1"); }), InterruptedError);
    util::NeverStop never;
    Connection other(server_.target(), {.context = "release"}, never);
    EXPECT_EQ(other.call("EXISTS", "a")->integer(), 0);
}

TEST_F(ConnectionTest, ABlockingCommandMayTakeLongerThanAReply) {
    Connection hasty(server_.target(), {.context = "test", .reply_timeout = std::chrono::milliseconds(200)},
                     stop_);
    Commands command;
    command.add("BLPOP", "none", "0.4");
    EXPECT_TRUE(hasty.blocking(command, std::chrono::milliseconds(400))->is_nil());
    EXPECT_THROW(hasty.single(command), ConnectionError);
}

TEST_F(ConnectionTest, AnIdleConnectionThatWasClosedIsMadeAgainSilently) {
    connection_.call("SET", "a", "1");
    util::NeverStop never;
    Connection other(server_.target(), {.context = "killer"}, never);
    other.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    EXPECT_EQ(connection_.call("GET", "a")->text(), "1");
}

TEST_F(ConnectionTest, ATransactionIsNotSplitOverTwoConnections) {
    util::NeverStop never;
    Connection other(server_.target(), {.context = "killer"}, never);
    for (const auto* first : {"WATCH", "MULTI"}) {
        Commands begin;
        begin.add_list({first}, std::vector<std::string>(first == std::string_view("WATCH") ? 1 : 0, "a"));
        connection_.single(begin);
        other.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        EXPECT_THROW(connection_.call("SET", "a", "1"), ConnectionError);
    }
    EXPECT_EQ(connection_.call("EXISTS", "a")->integer(), 0);
    connection_.call("MULTI");
    connection_.call("SET", "a", "1");
    EXPECT_EQ(connection_.call("EXEC")->size(), 1);
    other.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    EXPECT_EQ(connection_.call("GET", "a")->text(), "1");
}

TEST_F(ConnectionTest, LoadsItsScriptsAgain) {
    const Script script("return redis.call('INCR', KEYS[1])");
    connection_.use(script);
    const auto run = [&] {
        const std::string_view keys[] = {"a"};
        Commands commands;
        script.add_to(commands, keys, {});
        return connection_.single(commands)->integer();
    };
    EXPECT_EQ(run(), 1);
    connection_.call("SCRIPT", "FLUSH");
    EXPECT_THROW(run(), ServerError);
    connection_.repeat([&] { EXPECT_EQ(run(), 2); });
    server_.stop();
    server_.start();
    connection_.repeat([&] { EXPECT_EQ(run(), 1); });
}

TEST_F(ConnectionTest, PatienceBeginsWithTheFirstFailure) {
    Connection hasty(server_.target(), {.context = "test", .patience = std::chrono::milliseconds(100)},
                     stop_);
    int tries = 0;
    hasty.repeat([&] {
        if (++tries == 1) {
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
            throw ConnectionError("lost");
        }
    });
    EXPECT_EQ(tries, 2);
}

TEST_F(ConnectionTest, AScriptThatIsNotUsedIsAnErrorSoon) {
    const Script script("return 1");
    Commands commands;
    script.add_to(commands, {}, {});
    const auto began = std::chrono::steady_clock::now();
    EXPECT_THROW(connection_.repeat([&] { connection_.single(commands); }), ServerError);
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(5));
}

TEST_F(ConnectionTest, RepliesOfWhatWasSentAheadAreKept) {
    Connection connection(server_.target(), {.context = "test"}, stop_);
    connection.call("SET", "a", "1");
    Commands ahead;
    ahead.add("GET", "a");
    const auto first = connection.send(ahead);
    Commands more;
    more.add("APPEND", "a", "2");
    more.add("LPUSH", "a", "an error");
    const auto second = connection.send(more);
    connection.send(ahead);  // given up at once
    EXPECT_EQ(connection.call("GET", "a")->text(), "12") << "in the order in which they were sent";
    std::vector<bool> errors;
    connection.receive(second, [&](std::size_t, ReplyView reply) { errors.push_back(reply.is_error()); });
    EXPECT_THAT(errors, testing::ElementsAre(false, true));
    EXPECT_EQ(connection.receive_single(first)->text(), "1");
    connection.settle();
    EXPECT_EQ(connection.call("PING")->text(), "PONG");
}

TEST_F(ConnectionTest, SendsAheadMoreThanASocketHolds) {
    Connection connection(server_.target(), {.context = "test"}, stop_);
    const std::string large(5 << 20, 'x');
    Commands ahead;
    ahead.add("SET", "a", large);
    ahead.add("GET", "a");
    const auto sent = connection.send(ahead);
    const auto next = connection.send(ahead);
    std::size_t size = 0;
    connection.receive(next, [&](std::size_t, ReplyView reply) { size = reply.text().size(); });
    EXPECT_EQ(size, large.size());
    EXPECT_EQ(connection.call("STRLEN", "a")->integer(), large.size());
}

}  // namespace
}  // namespace tti::redis
