#include "redis/commands.hpp"

#include <array>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <hiredis/hiredis.h>

namespace tti::redis {
namespace {

std::string by_hiredis(const std::vector<std::string>& words) {
    std::vector<const char*> texts;
    std::vector<std::size_t> sizes;
    for (const std::string& word : words) {
        texts.push_back(word.data());
        sizes.push_back(word.size());
    }
    char* formatted = nullptr;
    const int size =
        redisFormatCommandArgv(&formatted, static_cast<int>(words.size()), texts.data(), sizes.data());
    const std::unique_ptr<char, decltype(&redisFreeCommand)> owned(formatted, redisFreeCommand);
    return {formatted, static_cast<std::size_t>(size)};
}

TEST(Commands, AreFormattedAsHiredisDoes) {
    const std::vector<std::vector<std::string>> cases{
        {"PING"},
        {"SET", "key", ""},
        {"SET", "line\r\nend", std::string("zero\0byte", 9)},
        {"SET", "key", std::string(100000, 'x')},
        std::vector<std::string>(1234, "word"),
    };
    std::string expected;
    Commands commands;
    for (const auto& words : cases) {
        expected += by_hiredis(words);
        commands.add_list({}, words);
    }
    EXPECT_EQ(commands.bytes(), expected);
    EXPECT_EQ(commands.size(), cases.size());
}

TEST(Commands, HaveNamesWithASecondWordWhereItMatters) {
    Commands commands;
    commands.add("get", "group");
    commands.add("xgroup", "create", "stream", "group", "$");
    const std::vector<std::string> keys{"a", "b"};
    commands.add_list({"UNLINK"}, keys);
    EXPECT_THAT(commands.names(), testing::ElementsAre("GET", "XGROUP CREATE", "UNLINK"));
}

TEST(Commands, ListsStandBehindTheirHead) {
    const std::vector<std::string> keys{"a", "b"};
    Commands list;
    list.add_list({"MGET"}, keys);
    EXPECT_EQ(list.bytes(), by_hiredis({"MGET", "a", "b"}));
    list.clear();
    EXPECT_TRUE(list.empty());
    EXPECT_EQ(list.bytes(), "");
}

TEST(Commands, AreOverwrittenWhenTheyHeldAPassword) {
    Commands login;
    login.add("AUTH", "a password that is longer than what a string keeps inside");
    const char* where = login.bytes().data();
    const std::size_t size = login.bytes().size();
    login.wipe();
    EXPECT_TRUE(login.empty());
    // The memory is still the string's; only its first byte is its terminator.
    EXPECT_EQ(std::string_view(where, size), std::string(size, '\0'));
}

}  // namespace
}  // namespace tti::redis
