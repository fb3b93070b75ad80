#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "redis/connection.hpp"
#include "support/redis_server.hpp"

namespace tti::redis {
namespace {

using testing::HasSubstr;

class LoginTest : public testing::Test {
  protected:
    LoginTest() {
        Connection connection = connect(as("", "hunter2"));
        connection.call("ACL", "SETUSER", "operator", "on", ">hunter3", "~ttn:*", "+@all");
        connection.call("ACL", "SETUSER", "quiet", "on", ">hunter4", "~*", "+get", "+set");
    }
    Connection connect(const Target& target) { return {target, {.context = "test"}, stop_}; }
    Target as(const std::string& user, const std::string& password) const {
        Target target = server_.target();
        target.user_name = user;
        target.password = Secret(password);
        return target;
    }
    template <typename Type>
    std::string problem(const std::function<void()>& work) {
        try {
            work();
        } catch (const Type& error) {
            return error.what() + (" | " + error.hint());
        }
        return "none";
    }

    test::RedisServer server_{{"--requirepass", "hunter2"}, test::free_port()};
    util::NeverStop stop_;
};

TEST_F(LoginTest, ByPasswordAlone) {
    Connection connection = connect(as("", "hunter2"));
    EXPECT_EQ(connection.call("ACL", "WHOAMI")->text(), "default");
}

TEST_F(LoginTest, ByUserAndPasswordOverTcp) {
    Target target = as("operator", "hunter3");
    target.address = server_.address();
    Connection connection = connect(target);
    EXPECT_EQ(connection.call("ACL", "WHOAMI")->text(), "operator");
}

TEST_F(LoginTest, AWrongPasswordIsRefusedAndNeverShown) {
    for (const Target& target : {as("", "sesame-1"), as("operator", "sesame-1"), as("", "")}) {
        try {
            connect(target);
            FAIL();
        } catch (const ServerError& error) {
            EXPECT_EQ(error.code(), ExitCode::refused);
            EXPECT_THAT(error.hint(), HasSubstr("redis.password"));
            EXPECT_THAT(error.what(), testing::Not(HasSubstr("sesame")));
        }
    }
}

TEST_F(LoginTest, TheDatabaseIsSelected) {
    Target second = as("", "hunter2");
    second.database = 2;
    connect(second).call("SET", "a", "1");
    EXPECT_EQ(connect(second).call("EXISTS", "a")->integer(), 1);
    EXPECT_EQ(connect(as("", "hunter2")).call("EXISTS", "a")->integer(), 0);
    second.database = 99;
    EXPECT_THAT(problem<ServerError>([&] { connect(second); }), HasSubstr("SELECT"));
}

TEST_F(LoginTest, AUserWhoMayNotAskConnectsAllTheSame) {
    Connection connection = connect(as("quiet", "hunter4"));
    EXPECT_EQ(connection.call("SET", "a", "1")->text(), "OK");
    EXPECT_THAT(connection.server().run_id, testing::StartsWith("unknown-"));
    Connection other = connect(as("quiet", "hunter4"));
    EXPECT_NE(connection.server().run_id, other.server().run_id);
    EXPECT_NO_THROW(require_writable(connection));
}

TEST_F(LoginTest, AForbiddenCommandIsNoAnswer) {
    Connection connection = connect(as("quiet", "hunter4"));
    Commands commands;
    commands.add("GET", "a");
    commands.add("EXISTS", "a");
    commands.add("GET", "a");
    std::size_t seen = 0;
    EXPECT_THROW(connection.pipeline(commands, [&](std::size_t, ReplyView) { ++seen; }), ServerError);
    EXPECT_EQ(seen, 1);
    EXPECT_TRUE(connection.call("GET", "a")->is_nil());
}

TEST_F(LoginTest, AFullServerIsUnreachable) {
    Connection first = connect(as("", "hunter2"));
    first.call("CONFIG", "SET", "maxclients", "1");
    const std::string refused = problem<ConnectionError>([&] { connect(as("quiet", "hunter4")); });
    EXPECT_THAT(refused, HasSubstr("maxclients"));
}

TEST_F(LoginTest, MissingPermissionsAreSeenBefore) {
    Connection connection = connect(as("operator", "hunter3"));
    const std::vector<std::vector<std::string>> mine{{"SET", "ttn:v3:a", "1"}, {"SCAN", "0"}};
    EXPECT_NO_THROW(require_writable(connection, mine));
    const std::vector<std::vector<std::string>> foreign{{"SET", "other:a", "1"}};
    const std::string refused = problem<RefusedError>([&] { require_writable(connection, foreign); });
    EXPECT_THAT(refused, HasSubstr("forbids SET to user operator"));
    EXPECT_THAT(refused, HasSubstr("ACL SETUSER"));
    EXPECT_THROW(connection.call("SET", "other:a", "1"), ServerError);
}

}  // namespace
}  // namespace tti::redis
