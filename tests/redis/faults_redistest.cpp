#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "redis/connection.hpp"
#include "support/fake_server.hpp"
#include "support/fault_proxy.hpp"
#include "support/redis_server.hpp"
#include "support/trigger_stop.hpp"

namespace tti::redis {
namespace {

using std::chrono::milliseconds;
using test::FaultProxy;

const ConnectOptions impatient{.context = "test",
                               .connect_timeout = milliseconds(300),
                               .reply_timeout = milliseconds(300),
                               .patience = milliseconds(2500)};

class FaultTest : public testing::Test {
  protected:
    Target through_proxy() {
        Target target;
        target.address = proxy_.socket();
        return target;
    }
    // A batch that may be done twice.
    void set_all() {
        Commands commands;
        for (int i = 0; i < 1000; ++i) {
            commands.add("SET", std::to_string(i), std::string(100, 'x'));
        }
        connection_.pipeline(commands);
    }

    test::RedisServer server_;
    FaultProxy proxy_{server_.socket()};
    util::NeverStop stop_;
    Connection connection_{through_proxy(), impatient, stop_};
};

TEST_F(FaultTest, ACutConnectionIsAConnectionError) {
    proxy_.cut_after(100);
    EXPECT_THROW(set_all(), ConnectionError);
    EXPECT_EQ(connection_.call("PING")->text(), "PONG");
    EXPECT_EQ(proxy_.connections(), 2);
}

TEST_F(FaultTest, RepeatGoesOnAfterACutAnywhere) {
    for (const std::size_t place : {0U, 1U, 4U, 7U, 2500U, 4999U}) {
        proxy_.cut_after(place);
        connection_.repeat([this] { set_all(); });
    }
    EXPECT_EQ(connection_.call("DBSIZE")->integer(), 1000);
    EXPECT_EQ(proxy_.connections(), 7);
}

TEST_F(FaultTest, RepeatGoesOnWhenAClientIsKilled) {
    int tries = 0;
    Connection other(server_.target(), {.context = "killer"}, stop_);
    connection_.repeat([&] {
        if (++tries == 1) {
            Commands commands;
            commands.add("SET", "a", "1");
            commands.add("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no");
            commands.add("SET", "a", "2");
            connection_.pipeline(commands);
        }
        set_all();
    });
    EXPECT_EQ(tries, 2);
}

TEST_F(FaultTest, WhatWasSentAheadIsLostWithTheConnection) {
    Commands ahead;
    ahead.add("GET", "a");
    proxy_.cut_after(0);
    const auto sent = connection_.send(ahead);
    EXPECT_THROW(connection_.call("PING"), ConnectionError) << "its replies come first";
    EXPECT_EQ(connection_.call("PING")->text(), "PONG");
    EXPECT_THROW(connection_.receive_single(sent), ConnectionError) << "the new connection has none of them";
    EXPECT_EQ(connection_.call("PING")->text(), "PONG");
}

// A watch ends with its connection, so nothing may go on in silence.
TEST_F(FaultTest, ATransactionDoesNotOutliveWhatWasSentAheadInIt) {
    connection_.call("WATCH", "a");
    Commands ahead;
    ahead.add("GET", "a");
    proxy_.cut_after(0);
    const auto sent = connection_.send(ahead);
    Commands transaction;
    transaction.add("MULTI");
    transaction.add("SET", "a", "1");
    transaction.add("EXEC");
    EXPECT_THROW(connection_.pipeline(transaction), ConnectionError);
    EXPECT_EQ(connection_.call("EXISTS", "a")->integer(), 0);
}

TEST_F(FaultTest, AServerThatDoesNotAnswerIsGivenUp) {
    proxy_.set(FaultProxy::Fault::stall);
    const auto began = std::chrono::steady_clock::now();
    EXPECT_THROW(connection_.call("PING"), ConnectionError);
    EXPECT_GE(std::chrono::steady_clock::now() - began, milliseconds(300));
    EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(3000));
}

TEST_F(FaultTest, ConnectingEndsWhenAnEndIsAskedFor) {
    proxy_.set(FaultProxy::Fault::stall);
    test::TriggerStop stop;
    const std::jthread asking([&stop] {
        std::this_thread::sleep_for(milliseconds(100));
        stop.ask();
    });
    const auto began = std::chrono::steady_clock::now();
    EXPECT_THROW(Connection(through_proxy(), {.context = "test"}, stop), InterruptedError);
    EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(4000));
}

TEST_F(FaultTest, PatienceEnds) {
    proxy_.set(FaultProxy::Fault::refuse);
    proxy_.cut_after(0);
    const auto began = std::chrono::steady_clock::now();
    try {
        connection_.repeat([this] { connection_.call("PING"); });
        FAIL();
    } catch (const ConnectionError& error) {
        EXPECT_EQ(error.code(), ExitCode::unreachable);
        EXPECT_THAT(error.what(), testing::StartsWith("test: "));
    }
    EXPECT_GE(std::chrono::steady_clock::now() - began, milliseconds(2500));
    EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(5000));
}

TEST_F(FaultTest, RepeatWaitsForTheServerToComeBack) {
    server_.stop();
    // The server would end with the thread that starts it.
    const std::jthread starting([this](const std::stop_token& done) {
        std::this_thread::sleep_for(milliseconds(400));
        server_.start();
        while (!done.stop_requested()) {
            std::this_thread::sleep_for(milliseconds(5));
        }
    });
    connection_.repeat([this] { set_all(); });
    EXPECT_EQ(connection_.call("DBSIZE")->integer(), 1000);
}

TEST_F(FaultTest, SlicedBytesAreTheSame) {
    proxy_.set(FaultProxy::Fault::slice);
    EXPECT_EQ(connection_.call("ECHO", std::string(3000, 'x'))->text(), std::string(3000, 'x'));
    set_all();
}

TEST_F(FaultTest, ACorruptedReplyIsAProtocolError) {
    proxy_.corrupt_after(0);
    EXPECT_THROW(connection_.call("PING"), ProtocolError);
    EXPECT_EQ(connection_.call("PING")->text(), "PONG");
}

// What a server says first to CLIENT SETNAME, INFO and ROLE.
std::vector<std::string> after_login(std::string answer) {
    return {"+OK\r\n", "$0\r\n\r\n", "*1\r\n$6\r\nmaster\r\n", std::move(answer)};
}

class HostileServer : public testing::TestWithParam<std::string> {};

TEST_P(HostileServer, IsNotBelieved) {
    test::FakeServer server(after_login(GetParam()), test::FakeServer::End::silence);
    util::NeverStop stop;
    Target target;
    target.address = server.socket();
    Connection connection(target, impatient, stop);
    EXPECT_THROW(connection.call("GET", "a"), ProtocolError);
}

INSTANTIATE_TEST_SUITE_P(Faults, HostileServer,
                         testing::Values("HTTP/1.1 400 Bad Request\r\n", "$600000000\r\nx", "*2147483647\r\n",
                                         "+OK\r\n+OK\r\n", "$3\r\nabc\r\n\r\n"));

TEST(WrongServer, IsToldAtConnect) {
    test::FakeServer server({"HTTP/1.1 400 Bad Request\r\n\r\n"});
    util::NeverStop stop;
    Target target;
    target.address = server.socket();
    EXPECT_THROW(Connection(target, impatient, stop), ProtocolError);
}

TEST(NoServer, IsToldWithAHint) {
    util::NeverStop stop;
    Target target;
    for (const std::string address : {"127.0.0.1:1", "[::1]:1", "/nowhere/redis.sock"}) {
        target.address = address;
        try {
            Connection connection(target, impatient, stop);
            FAIL() << address;
        } catch (const ConnectionError& error) {
            EXPECT_THAT(error.what(), testing::HasSubstr("cannot connect to " + address));
            EXPECT_THAT(error.hint(), testing::HasSubstr("redis.address"));
        }
    }
    target.address = "localhost";
    EXPECT_THROW(Connection(target, impatient, stop), UsageError);
}

}  // namespace
}  // namespace tti::redis
