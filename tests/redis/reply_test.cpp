#include "redis/reply.hpp"

#include <gtest/gtest.h>

#include "redis/error.hpp"
#include "redis/reader.hpp"

namespace tti::redis {
namespace {

Reply reply_of(std::string_view bytes) {
    Reader reader;
    reader.feed(bytes);
    return Reply(reader.next());
}

TEST(Reply, IsNotMistakenForAnotherKind) {
    const Reply text = reply_of("$2\r\n12\r\n");
    EXPECT_EQ(text->text(), "12");
    EXPECT_EQ(text->number(), 12);
    EXPECT_THROW(static_cast<void>(text->integer()), ProtocolError);
    EXPECT_THROW(static_cast<void>(text->size()), ProtocolError);
    EXPECT_THROW(static_cast<void>(text->error()), ProtocolError);
    EXPECT_THROW(static_cast<void>(text.view()[0]), ProtocolError);
    EXPECT_THROW(static_cast<void>(reply_of(":1\r\n")->text()), ProtocolError);
    EXPECT_THROW(static_cast<void>(reply_of("$-1\r\n")->text()), ProtocolError);
    EXPECT_THROW(static_cast<void>(reply_of("-ERR\r\n")->text()), ProtocolError);
}

TEST(Reply, IsANumberOnlyInFull) {
    EXPECT_EQ(reply_of("+-7\r\n")->number(), -7);
    for (const std::string_view bytes :
         {"$0\r\n\r\n", "$2\r\n1x\r\n", "$20\r\n99999999999999999999\r\n", "$2\r\n 1\r\n"}) {
        EXPECT_THROW(static_cast<void>(reply_of(bytes)->number()), ProtocolError) << bytes;
    }
}

TEST(Reply, HasNoMoreElementsThanWereSent) {
    const Reply list = reply_of("*1\r\n:1\r\n");
    EXPECT_EQ(list.view()[0].integer(), 1);
    EXPECT_THROW(static_cast<void>(list.view()[1]), ProtocolError);
    EXPECT_EQ(reply_of("*-1\r\n")->size(), 0);
}

}  // namespace
}  // namespace tti::redis
