#include "grpc/answer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "grpc/client.hpp"

namespace tti::grpc {
namespace {

using namespace std::string_literals;

Answer answered(const std::string& body, std::size_t largest = 1000) {
    Answer answer(largest);
    for (const auto* line :
         {"HTTP/2 200 \r\n", "content-type: application/grpc\r\n", "X-Total-Count: 7\r\n", "\r\n"}) {
        answer.header_line(line);
    }
    answer.body(body);
    return answer;
}

TEST(Answer, TakesHeaderBodyAndTrailerApart) {
    auto answer = answered("\0\0\0\0\3abc"s);
    answer.header_line("grpc-status: 5\r\n");
    answer.header_line("grpc-message: gone %E2%80%93 100%25\r\n");
    EXPECT_EQ(answer.http_status(), 200);
    EXPECT_EQ(answer.header().at("x-total-count"), "7");
    EXPECT_EQ(answer.status(), 5);
    EXPECT_EQ(answer.status_message(), "gone \u2013 100%");
    EXPECT_EQ(answer.message(), "abc");
}

TEST(Answer, AStatusMayComeAmongTheHeaders) {
    Answer answer(10);
    answer.header_line("HTTP/2 200 \r\n");
    answer.header_line("grpc-status: 16\r\n");
    answer.header_line("\r\n");
    EXPECT_EQ(answer.status(), 16);
}

TEST(Answer, IsAnErrorWhereItIsNoMessage) {
    EXPECT_FALSE(answered("").message());
    EXPECT_FALSE(answered("\0\0\0\0"s).message());
    EXPECT_FALSE(answered("\0\0\0\0\4abc"s).message());
    EXPECT_FALSE(answered("\0\0\0\0\2abc"s).message());
    EXPECT_FALSE(answered("\1\0\0\0\3abc"s).message());
    EXPECT_EQ(answered("\0\0\0\0\0"s).message(), "");
}

TEST(Answer, HasNoStatusWhereItIsNoNumber) {
    auto answer = answered("");
    EXPECT_EQ(answer.status(), -1);
    answer.header_line("grpc-status: 5x\r\n");
    EXPECT_EQ(answer.status(), -1);
}

TEST(Answer, TakesNoMoreThanTheLargestMessage) {
    Answer answer(4);
    EXPECT_TRUE(answer.body("\0\0\0\0\4"s));
    EXPECT_TRUE(answer.body("abcd"));
    EXPECT_FALSE(answer.body("e"));
    EXPECT_TRUE(answer.too_large());
}

TEST(Framed, HasItsLengthInFront) {
    EXPECT_EQ(framed("abc"), "\0\0\0\0\3abc"s);
    EXPECT_EQ(framed(std::string(0x010203, 'x')).substr(0, 6), "\0\0\1\2\3x"s);
}

TEST(ParseAddress, TakesHostsAndPorts) {
    const auto plain = parse_address("is.example.com:1884");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->host, "is.example.com");
    EXPECT_EQ(plain->port, 1884);
    EXPECT_EQ(parse_address("[::1]:1884")->host, "::1");
    for (const auto* text : {"", "host", ":1884", "host:", "host:0", "host:65536", "host:1x", "::1:1884",
                             "http://host:80", "user@host:80", "[]:1"}) {
        EXPECT_FALSE(parse_address(text)) << text;
    }
}

}  // namespace
}  // namespace tti::grpc
