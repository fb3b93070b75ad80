#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "postgres/array_text.hpp"
#include "postgres/blockers.hpp"
#include "postgres/connection.hpp"
#include "postgres/one_line.hpp"

namespace tti::postgres {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Literals, QuotesIdentifiers) {
    EXPECT_EQ(quote_identifier("a\"b"), "\"a\"\"b\"");
}

TEST(Literals, QuotesTexts) {
    EXPECT_EQ(quote_literal("it's"), "'it''s'");
    EXPECT_EQ(quote_literal("a\\'b"), " E'a\\\\''b'");
}

TEST(Literals, WritesArrays) {
    const std::vector<std::string> texts{"a", "", "b \"c\" \\d", "NULL", "x,{y}"};
    EXPECT_EQ(array_literal(texts), R"({"a","","b \"c\" \\d","NULL","x,{y}"})");
    EXPECT_EQ(array_literal(std::vector<int>{1, -2}), "{1,-2}");
    EXPECT_EQ(array_literal(std::vector<int>{}), "{}");
    EXPECT_EQ(parse_array(array_literal(texts)), texts);
}

TEST(Literals, ReadsArrays) {
    EXPECT_THAT(parse_array("{}"), IsEmpty());
    EXPECT_THAT(parse_array(""), IsEmpty());
    EXPECT_THAT(parse_array("{a}"), ElementsAre("a"));
    EXPECT_THAT(parse_array(R"({a,"b c",NULL,"","\"\\"})"), ElementsAre("a", "b c", "", "", "\"\\"));
}

TEST(Literals, PutsTextOnOneLine) {
    EXPECT_EQ(one_line("  a\n\tb  c\n"), "a b c");
}

TEST(Blockers, ShowNoLiteralsOfAStatement) {
    EXPECT_EQ(statement_start("UPDATE users\n SET password = 'secret'"), "UPDATE users SET password = …");
    EXPECT_EQ(statement_start("COMMIT"), "COMMIT");
    EXPECT_EQ(statement_start(std::string(59, 'a') + "éé"), std::string(59, 'a') + " …");
}

}  // namespace
}  // namespace tti::postgres
