#include "lorawan/message.hpp"

#include <gtest/gtest.h>

#include "bytes.hpp"

namespace tti::lorawan {
namespace {

TEST(Message, HasNoPadding) {
    EXPECT_EQ(encode_message(bytes_of("0801c802fbff")), "CAHIAvv/");
    EXPECT_EQ(encode_message(bytes_of("ff")), "/w");
    EXPECT_EQ(decode_message("/w").value(), bytes_of("ff"));
    EXPECT_FALSE(decode_message("/w==").has_value());
    EXPECT_FALSE(decode_message("_w").has_value());
    EXPECT_FALSE(decode_message("CAHIA").has_value());
}

TEST(Message, EmptyTextIsAnEmptyMessage) {
    EXPECT_EQ(encode_message(""), "");
    EXPECT_EQ(decode_message("").value(), "");
}

TEST(Message, LineEndsAndTrailingBitsDoNotMatter) {
    EXPECT_EQ(decode_message("CAHI\r\nAvv/").value(), bytes_of("0801c802fbff"));
    EXPECT_EQ(decode_message("\nC\nA\nH\nI").value(), bytes_of("0801c8"));
    EXPECT_EQ(decode_message("/x").value(), bytes_of("ff"));
    EXPECT_FALSE(decode_message("CAHI Avv/").has_value());
}

TEST(Message, EveryLengthComesBack) {
    std::string message;
    for (int length = 0; length < 300; ++length) {
        const auto text = encode_message(message);
        EXPECT_EQ(text.size(), (message.size() * 8 + 5) / 6);
        EXPECT_EQ(decode_message(text).value(), message);
        EXPECT_EQ(decode_message(text + "\r\n").value(), message);
        message += static_cast<char>(length * 37);
    }
}

}  // namespace
}  // namespace tti::lorawan
