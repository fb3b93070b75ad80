#include "util/text.hpp"

#include <gmock/gmock.h>

namespace tti::util {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using List = std::vector<std::string>;

TEST(Text, ChangesCaseOfAsciiOnly) {
    EXPECT_EQ(lower("IS.Database-URI_\u00c4Z"), "is.database-uri_\u00c4z");
    EXPECT_EQ(upper("is.database-uri_\u00e4z"), "IS.DATABASE-URI_\u00e4Z");
}

TEST(Text, Trims) {
    EXPECT_EQ(trim(" \t a b\r\n"), "a b");
    EXPECT_EQ(trim(" \n"), "");
    EXPECT_EQ(trim(""), "");
}

TEST(Text, SplitsAtASeparator) {
    EXPECT_THAT(split("a,,b", ','), ElementsAre("a", "", "b"));
    EXPECT_THAT(split("", ','), ElementsAre(""));
    EXPECT_THAT(split("a,", ','), ElementsAre("a", ""));
}

TEST(Text, SplitsAtWhiteSpace) {
    EXPECT_THAT(words("  a\tb,c \n d "), ElementsAre("a", "b,c", "d"));
    EXPECT_THAT(words(" "), IsEmpty());
}

TEST(Text, Joins) {
    EXPECT_EQ(join(List{"a", "", "b"}, ", "), "a, , b");
    EXPECT_EQ(join(List{}, ", "), "");
}

TEST(Text, MeasuresEdits) {
    EXPECT_EQ(edit_distance("", ""), 0U);
    EXPECT_EQ(edit_distance("", "abc"), 3U);
    EXPECT_EQ(edit_distance("abc", ""), 3U);
    EXPECT_EQ(edit_distance("restore", "restore"), 0U);
    EXPECT_EQ(edit_distance("restor", "restore"), 1U);
    EXPECT_EQ(edit_distance("restore", "resXore"), 1U);
    EXPECT_EQ(edit_distance("resotre", "restore"), 1U) << "a swap of neighbours is one edit";
    EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Text, SuggestsWhatIsNear) {
    const List names{"restore", "prefix", "user-registration"};
    EXPECT_EQ(suggestion("restroe", names), "restore");
    EXPECT_EQ(suggestion("rxxtore", names), "restore");
    EXPECT_EQ(suggestion("rxxxore", names), "") << "three edits are too many in a short name";
    EXPECT_EQ(suggestion("xxxr-registration", names), "user-registration") << "but not in a long one";
    EXPECT_EQ(suggestion("xxxx-registration", names), "");
    EXPECT_EQ(suggestion("a", List{}), "");
    EXPECT_EQ(nearest("zzzzzzzzfix", names), "prefix");
    EXPECT_EQ(nearest("a", List{}), "");
}

TEST(ShellQuoted, KeepsEveryCharacter) {
    EXPECT_EQ(shell_quoted("it's $HOME"), "'it'\\''s $HOME'");
}

}  // namespace
}  // namespace tti::util
