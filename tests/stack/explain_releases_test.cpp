#include "stack/explain_releases.hpp"

#include <sstream>

#include <gmock/gmock.h>

#include "util/error.hpp"

namespace tti::stack {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string refusal(const std::string& from, const std::string& to) {
    try {
        explain_releases(from, to);
    } catch (const UsageError& error) {
        return std::string(error.what()) + " | " + error.hint();
    }
    return "explained";
}

TEST(ExplainedReleases, SayWhoDoesWhat) {
    const auto explained = explain_releases("3.24", "3.32");
    EXPECT_THAT(explained.text,
                AllOf(HasSubstr("From 3.24 to 3.32: "), HasSubstr("\n3.25.0\n  ns-db migrate "),
                      HasSubstr("when you like"), HasSubstr("by hand"), HasSubstr("the stack's own"),
                      HasSubstr("universal rights of users"), Not(HasSubstr("3.33.0"))));
    EXPECT_EQ(explained.data["from"], "3.24");
    EXPECT_EQ(explained.data["steps"][0]["release"], "3.25.0");
    EXPECT_EQ(explained.data["steps"][0]["by"], "upgrade");
    EXPECT_EQ(explained.data["order"][0], "is-db");
}

TEST(ExplainedReleases, GoToTheNewestWhereNothingElseIsSaid) {
    EXPECT_EQ(explain_releases("3.35", "").data["to"], "3.36");
}

TEST(ExplainedReleases, TakeAReleaseWithoutPatchAsItsFirstAndItsLast) {
    EXPECT_EQ(explain_releases("3.32", "3.32").data["steps"][0]["release"], "3.32.3");
    EXPECT_THAT(explain_releases("3.32.3", "3.32").text, HasSubstr("nothing is asked"));
}

TEST(ExplainedReleases, RefuseWhatTheTableDoesNotKnow) {
    EXPECT_THAT(refusal("latest", "3.32"), AllOf(HasSubstr("from = \"latest\""), HasSubstr("such as 3.24")));
    EXPECT_THAT(refusal("3.24", "3.37"), AllOf(HasSubstr("to = \"3.37\""), HasSubstr("up to 3.36")));
    EXPECT_THAT(refusal("3.24", "4.0"), HasSubstr("up to 3.36"));
    EXPECT_THAT(refusal("2.8", "3.32"), HasSubstr("begins with 3.0"));
    EXPECT_THAT(refusal("3.32", "3.24"), HasSubstr("later than 3.24"));
}

TEST(ExplainedReleases, FitInto100Columns) {
    const auto text = explain_releases("3.0", "").text;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

}  // namespace
}  // namespace tti::stack
