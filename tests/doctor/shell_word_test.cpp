#include "doctor/shell_word.hpp"

#include <gtest/gtest.h>

namespace tti::doctor {
namespace {

TEST(ShellWord, IsQuotedWhereAShellWouldReadMoreThanAWord) {
    EXPECT_EQ(shell_word("--redirect-uri=https://eu1.example.com:8885/console"),
              "--redirect-uri=https://eu1.example.com:8885/console");
    for (const auto* text :
         {"", "a b", "$(reboot)", "a;b", "a|b", "a&b", "a?b", "`a`", "a>b", "~", "a\nb", "#a"}) {
        const auto word = shell_word(text);
        EXPECT_TRUE(word.starts_with('\'') && word.ends_with('\'')) << text;
    }
    EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
}

}  // namespace
}  // namespace tti::doctor
