#include "util/csv.hpp"

#include <gmock/gmock.h>

namespace tti::util {
namespace {

using List = std::vector<std::string>;

struct CsvCase {
    std::string text;
    List fields;
};

TEST(Csv, ReadsFields) {
    const std::vector<CsvCase> cases{
        {"", {}},
        {"a", {"a"}},
        {"a,b", {"a", "b"}},
        {"a,", {"a", ""}},
        {",", {"", ""}},
        {" a , b", {" a ", " b"}},
        {R"("a,b",c)", {"a,b", "c"}},
        {R"("say ""a""")", {R"(say "a")"}},
        {R"("")", {""}},
    };
    for (const auto& [text, fields] : cases) {
        const auto parsed = parse_csv(text);
        ASSERT_TRUE(parsed) << text;
        EXPECT_EQ(*parsed, fields) << text;
    }
}

TEST(Csv, RefusesMisplacedQuotes) {
    for (const char* text : {R"("a)", R"(a"b)", R"("a"b)", R"(a,"b)"}) {
        const auto parsed = parse_csv(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_THAT(parsed.error(), testing::StartsWith("accepted: ")) << text;
    }
}

TEST(Csv, WritesWhatItReads) {
    EXPECT_EQ(format_csv(List{"a", "b c", "d"}), "a,b c,d");
    EXPECT_EQ(format_csv(List{}), "");
    for (const List& fields : {List{"a,b", "c"}, List{R"(say "a")"}, List{""}, List{"", ""}}) {
        EXPECT_EQ(*parse_csv(format_csv(fields)), fields);
    }
}

}  // namespace
}  // namespace tti::util
