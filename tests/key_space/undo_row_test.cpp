#include "key_space/undo_row.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tti::key_space {
namespace {

using testing::ElementsAre;

TEST(UndoRow, EscapesWhatWouldEndAFieldOrARow) {
    const std::array<std::string_view, 3> fields{"key", "a\tb\nc\\d\re", "-1"};
    const auto row = format_row(fields);
    EXPECT_EQ(row, "key\ta\\tb\\nc\\\\d\\re\t-1\n");
    EXPECT_THAT(*parse_row(row), ElementsAre("key", "a\tb\nc\\d\re", "-1"));
}

TEST(UndoRow, KeepsEmptyFieldsAndOtherBytes) {
    const std::string bytes("\x00\xff\x7f", 3);
    const std::array<std::string_view, 3> fields{"member", bytes, ""};
    EXPECT_THAT(*parse_row(format_row(fields)), ElementsAre("member", bytes, ""));
    EXPECT_THAT(*parse_row(format_row(std::array<std::string_view, 2>{"", "x"})), ElementsAre("", "x"));
}

TEST(UndoRow, RefusesABackslashThatEscapesNothing) {
    EXPECT_FALSE(parse_row("key\ta\\x\n"));
    EXPECT_FALSE(parse_row("key\ta\\"));
}

TEST(UndoRow, WritesEveryByteAsText) {
    std::string all;
    for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
    EXPECT_EQ(binary_text(all).find_first_of("\t\n\\"), std::string::npos);
    EXPECT_EQ(*parse_binary_text(binary_text(all)), all);
    EXPECT_FALSE(parse_binary_text("a b"));
}

}  // namespace
}  // namespace tti::key_space
