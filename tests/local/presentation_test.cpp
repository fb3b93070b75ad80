#include "local/presentation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "local/redis_server.hpp"

namespace tti::local {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Site site() {
    return {{"/folder"}, {}};
}

State half_running() {
    return {{{"PostgreSQL", 20001, true, Answer{"15.4", std::chrono::seconds(60), 3 << 20}, {}},
             {"Redis", 20002, false, std::nullopt, "LOADING"}}};
}

TEST(Presentation, SaysWhatRunsAndWhatNext) {
    const auto text = describe_status(site(), half_running());
    EXPECT_THAT(text, HasSubstr("PostgreSQL  127.0.0.1:20001  running since 20"));
    EXPECT_THAT(text, HasSubstr("version 15.4, 3.0 MiB\n"));
    EXPECT_THAT(text, HasSubstr("Redis       127.0.0.1:20002  running, but it does not answer: LOADING\n"));
    EXPECT_THAT(text, HasSubstr("next: tti-lw-stack local up"));
}

TEST(Presentation, TellsProgramsTheSame) {
    const auto json = to_json(site(), half_running());
    EXPECT_FALSE(json.at("running").get<bool>());
    EXPECT_EQ(json.at("servers").at(0).at("bytes"), 3 << 20);
    EXPECT_EQ(json.at("servers").at(1).at("problem"), "LOADING");
}

TEST(Presentation, GivesTheVariablesForAShell) {
    const auto text = describe_environment(environment_of({20001, Secret("first"), 20002, Secret("second")}));
    EXPECT_EQ(
        text,
        "export TTN_LW_IS_DATABASE_URI='postgresql://tti:first@127.0.0.1:20001/ttn_lorawan?sslmode=disable'\n"
        "export TTN_LW_REDIS_ADDRESS='127.0.0.1:20002'\n"
        "export TTN_LW_REDIS_PASSWORD='second'");
}

TEST(RedisSettings, AreThoseOfADatabase) {
    const auto text = redis_settings({"/a \"b\""}, {20001, Secret("first"), 20002, Secret("second")});
    EXPECT_THAT(text, HasSubstr("bind 127.0.0.1\n"));
    EXPECT_THAT(text, HasSubstr("port 20002\n"));
    EXPECT_THAT(text, HasSubstr("requirepass second\n"));
    EXPECT_THAT(text, HasSubstr("appendonly yes\n"));
    EXPECT_THAT(text, HasSubstr("maxmemory-policy noeviction\n"));
    EXPECT_THAT(text, HasSubstr("dir \"/a \\\"b\\\"/redis\"\n"));
    EXPECT_THAT(text, Not(HasSubstr("first")));
}

TEST(InfoNumber, ReadsOneLine) {
    constexpr auto info = "# Server\r\nuptime_in_seconds:42\r\nuptime_in_days:0\r\n";
    EXPECT_EQ(info_number(info, "uptime_in_seconds"), 42);
    EXPECT_EQ(info_number(info, "in_seconds"), 0);
}

}  // namespace
}  // namespace tti::local
