#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "redis/connection.hpp"
#include "support/fake_server.hpp"
#include "support/redis_server.hpp"

namespace tti::redis {
namespace {

using testing::HasSubstr;

std::string refusal(const std::function<void()>& work) {
    try {
        work();
    } catch (const RefusedError& error) {
        return error.what() + (" | " + error.hint());
    }
    return "none";
}

class RequirementsTest : public testing::Test {
  protected:
    Connection connect(const test::RedisServer& server) {
        return {server.target(), {.context = "test"}, stop_};
    }
    util::NeverStop stop_;
};

TEST_F(RequirementsTest, APlainServerIsFine) {
    const test::RedisServer server;
    Connection connection = connect(server);
    EXPECT_NO_THROW(require_usable(connection));
    EXPECT_NO_THROW(require_writable(connection));
}

TEST_F(RequirementsTest, ClusterModeIsRefused) {
    const test::RedisServer server(
        {"--cluster-enabled", "yes", "--cluster-port", std::to_string(test::free_port())}, test::free_port());
    Connection connection = connect(server);
    EXPECT_THAT(refusal([&] { require_usable(connection); }), HasSubstr("is in cluster mode"));
    EXPECT_THAT(refusal([&] { require_writable(connection); }), HasSubstr("without cluster mode"));
}

TEST_F(RequirementsTest, AReplicaIsRefusedForWriting) {
    const test::RedisServer primary({}, test::free_port());
    const test::RedisServer replica({"--replicaof", "127.0.0.1 " + std::to_string(primary.port())},
                                    test::free_port());
    Connection connection = connect(replica);
    EXPECT_TRUE(connection.server().replica);
    EXPECT_NO_THROW(require_usable(connection));
    EXPECT_THAT(refusal([&] { require_writable(connection); }), HasSubstr("is a replica"));
}

TEST_F(RequirementsTest, FullMemoryIsRefused) {
    const test::RedisServer server;
    Connection connection = connect(server);
    connection.call("SET", "a", std::string(3'500'000, 'x'));
    connection.call("CONFIG", "SET", "maxmemory", "3mb");
    EXPECT_NO_THROW(require_usable(connection));
    EXPECT_THAT(refusal([&] { require_writable(connection); }), HasSubstr("has used up its memory"));
    try {
        connection.call("SET", "b", "1");
        FAIL();
    } catch (const ServerError& error) {
        EXPECT_EQ(error.kind(), "OOM");
        EXPECT_EQ(error.code(), ExitCode::refused);
    }
    connection.call("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
    EXPECT_NO_THROW(require_writable(connection));
}

// What only another server would say.
std::vector<std::string> answers(const std::string& info) {
    const std::string text = "$" + std::to_string(info.size()) + "\r\n" + info + "\r\n";
    return {"+OK\r\n", text, "*1\r\n$6\r\nmaster\r\n", text};
}

TEST_F(RequirementsTest, AnOldVersionIsRefused) {
    for (const auto& [version, refused] :
         {std::pair{"6.0.16", true}, {"5.0.9", true}, {"6.2.0", false}, {"10.0", false}}) {
        const test::FakeServer server(answers(std::string("redis_version:") + version + "\r\n"));
        Target target;
        target.address = server.socket();
        Connection connection(target, {.context = "test"}, stop_);
        EXPECT_EQ(refusal([&] { require_usable(connection); }) != "none", refused) << version;
    }
}

TEST_F(RequirementsTest, AServerThatLoadsIsUnreachableButWaitedFor) {
    test::RedisServer server({"--key-load-delay", "500", "--loading-process-events-interval-bytes", "1024"});
    Connection connection = connect(server);
    const Script script("return redis.call('GET', KEYS[1])");
    connection.use(script);
    Commands commands;
    for (int i = 0; i < 2000; ++i) {
        commands.add("SET", std::to_string(i), std::string(10, 'x'));
    }
    commands.add("SAVE");
    connection.pipeline(commands);
    server.stop();
    server.start();
    Connection early = connect(server);
    EXPECT_TRUE(early.server().loading);
    EXPECT_THROW(require_usable(early), UnreachableError);
    EXPECT_THROW(require_writable(early), UnreachableError);
    int tries = 0;
    connection.repeat([&] {
        ++tries;
        const std::string_view keys[] = {"7"};
        Commands one;
        script.add_to(one, keys, {});
        EXPECT_EQ(connection.single(one)->text(), std::string(10, 'x'));
    });
    EXPECT_GT(tries, 1);
    server.stop();
    server.start();
    Commands ask;
    ask.add("EXISTS", "7");
    bool exists = false;
    connection.repeat([&] {
        connection.pipeline(
            ask, [&](std::size_t, ReplyView reply) { exists = !reply.is_error() && reply.integer() == 1; });
    });
    EXPECT_TRUE(exists);
}

}  // namespace
}  // namespace tti::redis
