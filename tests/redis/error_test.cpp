#include "redis/error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tti::redis {
namespace {

TEST(ServerError, SaysWhereWhatAndWhatToDo) {
    const ServerError error = server_error("OOM command not allowed when used memory > 'maxmemory'.", "SET",
                                           "network server: localhost:6379");
    EXPECT_EQ(error.kind(), "OOM");
    EXPECT_EQ(error.code(), ExitCode::refused);
    EXPECT_STREQ(
        error.what(),
        "network server: localhost:6379 answered SET with an error: OOM command not allowed when used memory "
        "> 'maxmemory'");
    EXPECT_THAT(error.hint(), testing::HasSubstr("maxmemory"));
}

TEST(ServerError, HasTheExitCodeOfItsKind) {
    EXPECT_EQ(server_error("LOADING Redis is loading the dataset in memory", "GET", "x").code(),
              ExitCode::unreachable);
    EXPECT_EQ(server_error("NOPERM no", "GET", "x").code(), ExitCode::refused);
    EXPECT_EQ(server_error("MOVED 3999 127.0.0.1:6381", "GET", "x").code(), ExitCode::refused);
    EXPECT_EQ(server_error("WRONGTYPE no", "GET", "x").code(), ExitCode::unexpected);
    EXPECT_EQ(server_error("", "GET", "x").kind(), "");
}

TEST(ServerError, AlwaysSaysWhatToDo) {
    EXPECT_THAT(server_error("WRONGTYPE no", "GET", "x").hint(), testing::HasSubstr("tti-lw-stack memory"));
    EXPECT_THAT(server_error("ERR another", "GET", "x").hint(), testing::HasSubstr("log of that server"));
}

TEST(ServerError, RepeatsNoArguments) {
    const ServerError error =
        server_error("ERR unknown command 'AUTH', with args beginning with: 'user' 'hunter2' ", "AUTH", "x");
    EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("hunter2")));
    EXPECT_THAT(error.what(), testing::HasSubstr("unknown command 'AUTH'"));
}

TEST(ServerError, IsOneShortLine) {
    const ServerError error = server_error("ERR a\x1b[31m\nb " + std::string(5000, 'x'), "EVALSHA", "x");
    EXPECT_LT(std::string(error.what()).size(), 500);
    EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("\n")));
    EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr("\x1b")));
}

}  // namespace
}  // namespace tti::redis
