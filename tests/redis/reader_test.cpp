#include "redis/reader.hpp"

#include <string>

#include <gtest/gtest.h>

#include "redis/error.hpp"

namespace tti::redis {
namespace {

// "[1,'text',nil]": what the reader understood of these bytes, in pieces of `size`.
std::string shown(ReplyView reply) {
    if (reply.is_array()) {
        std::string list = "[";
        for (std::size_t i = 0; i < reply.size(); ++i) {
            list += (i == 0 ? "" : ",") + shown(reply[i]);
        }
        return list + "]";
    }
    if (reply.is_text()) {
        return "'" + std::string(reply.text()) + "'";
    }
    if (reply.is_error()) {
        return "!" + std::string(reply.error());
    }
    return reply.is_nil() ? "nil" : std::to_string(reply.integer());
}

std::string read(std::string_view bytes, std::size_t size) {
    Reader reader;
    std::string all;
    while (!bytes.empty()) {
        const std::string piece(bytes.substr(0, size));
        reader.feed(piece);
        while (redisReply* reply = reader.next()) {
            all += shown(Reply(reply).view()) + ";";
        }
        bytes.remove_prefix(piece.size());
    }
    return all;
}

const std::string every_kind =
    "+OK\r\n:-42\r\n$-1\r\n*-1\r\n$4\r\na\r\nb\r\n-ERR "
    "no\r\n*3\r\n:1\r\n$0\r\n\r\n*2\r\n+a\r\n*0\r\n$5\r\n12345\r\n";

TEST(Reader, ReadsEveryKindHoweverItIsTorn) {
    for (const std::size_t size :
         {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, every_kind.size()}) {
        EXPECT_EQ(read(every_kind, size), "'OK';-42;nil;nil;'a\r\nb';!ERR no;[1,'',['a',[]]];'12345';")
            << size;
    }
}

TEST(Reader, ReadsLongTextsAndLists) {
    const std::string text(3000000, 'x');
    EXPECT_EQ(read("$3000000\r\n" + text + "\r\n:7\r\n", 65536), "'" + text + "';7;");
    std::string list = "*100000\r\n";
    for (int i = 0; i < 100000; ++i) {
        list += ":1\r\n";
    }
    EXPECT_EQ(read(list, 65536).size(), 200002);
}

TEST(Reader, GivesNothingForHalfAReply) {
    EXPECT_EQ(read("$10\r\n12345", 3), "");
    EXPECT_EQ(read("*2\r\n:1\r\n", 3), "");
}

class HostileBytes : public testing::TestWithParam<std::string> {};

TEST_P(HostileBytes, AreRefused) {
    EXPECT_THROW(read(GetParam(), 4096), ProtocolError);
    EXPECT_THROW(read(GetParam(), 1), ProtocolError);
}

INSTANTIATE_TEST_SUITE_P(Reader, HostileBytes,
                         testing::Values("HTTP/1.1 400 Bad Request\r\n", "\x15\x03\x01\x00\x02\x02\x28",
                                         ":12x\r\n", ":\r\n", "$600000000\r\n", "$9223372036854775807\r\n",
                                         "$99999999999999999999999\r\n", "$-2\r\n", "*2147483647\r\n",
                                         "*1000000000\r\n",
                                         "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n", "*-2\r\n",
                                         "+" + std::string(100000, 'x'), "%1\r\n+a\r\n:1\r\n",
                                         std::string(5, '\0')));

}  // namespace
}  // namespace tti::redis
