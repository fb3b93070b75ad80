#include "cli/table.hpp"

#include <gtest/gtest.h>

#include "cli/text_layout.hpp"

namespace tti::cli {
namespace {

TEST(Table, AlignsTextLeftAndNumbersRight) {
    Table table({"tenant", "users", "note"});
    EXPECT_TRUE(table.empty());
    table.add({"acme", "5", ""});
    table.add({"größe", "1,200", "x"});
    EXPECT_FALSE(table.empty());
    EXPECT_EQ(table.text(),
              "tenant  users  note\n"
              "acme        5\n"
              "größe   1,200  x\n");
}

TEST(Table, FillsShortRowsAndDisarmsControlCharacters) {
    Table table({"a", "b"});
    table.add({"\033[2Jx\n"});
    EXPECT_EQ(table.text(), "a       b\n?[2Jx?\n");
}

TEST(TextLayout, CountsColumnsNotBytes) {
    EXPECT_EQ(display_width("abc"), 3U);
    EXPECT_EQ(display_width("größe"), 5U);
    EXPECT_EQ(display_width("東京"), 4U);
    EXPECT_EQ(display_width("e\u0301"), 1U);
    EXPECT_EQ(display_width("\xff\xc3"), 2U);  // broken text does not read past its end
}

TEST(TextLayout, ShortensAtACharacter) {
    EXPECT_EQ(shorten("größere", 7), "größere");
    EXPECT_EQ(shorten("größere", 6), "grö...");
    EXPECT_EQ(shorten("東京都庁", 6), "東...");
    EXPECT_EQ(shorten("abc", 2), "..");
}

TEST(TextLayout, WrapsAtWords) {
    EXPECT_EQ(wrap("one two  three\nfour", 9, 2), "one two\n  three\n  four");
    EXPECT_EQ(wrap("averylongwordthatstays", 5), "averylongwordthatstays");
    EXPECT_EQ(wrap("", 5), "");
    EXPECT_EQ(wrap("a \033[2Jb", 9), "a ?[2Jb");
}

}  // namespace
}  // namespace tti::cli
