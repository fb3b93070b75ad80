#include "stack/releases.hpp"

#include <algorithm>
#include <set>

#include <gmock/gmock.h>

namespace tti::stack {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

bool holds(const std::vector<ReleaseStep>& steps, Release release, std::string_view name, DoneBy by) {
    return std::ranges::any_of(steps, [&](const ReleaseStep& step) {
        return step.release == release && step.name == name && step.by == by;
    });
}

TEST(Releases, AreReadAsPeopleAndImagesWriteThem) {
    EXPECT_EQ(parse_release("3.24.1", false).value(), (Release{3, 24, 1}));
    EXPECT_EQ(parse_release("v3.24.1", false).value(), (Release{3, 24, 1}));
    EXPECT_EQ(parse_release("3.24.1-aws", false).value(), (Release{3, 24, 1}));
    EXPECT_EQ(parse_release("3.24", false).value(), (Release{3, 24, 0}));
    EXPECT_GT(parse_release("3.24", true).value(), (Release{3, 24, 9999}));
    EXPECT_LT(parse_release("3.24", true).value(), (Release{3, 25, 0}));
}

TEST(Releases, AreNothingElse) {
    for (const auto* text : {"", "3", "latest", "3.x", "3.24.1.2", "3..1", "3.-1", "3.24-rc1", "3.24.x-aws",
                             "3.99999", "vv3.24", "3.24.", " 3.24"})
        EXPECT_FALSE(parse_release(text, false)) << text;
}

TEST(ReleaseSteps, AreInOrderAndKnowTheNewestRelease) {
    const auto steps = release_steps();
    EXPECT_TRUE(std::ranges::is_sorted(steps, {}, &ReleaseStep::release));
    EXPECT_EQ(steps.back().release, (Release{3, 36, 0}));
}

TEST(ReleaseSteps, NameEveryReleaseWithAMigrationAndNoOther) {
    std::set<int> minors;
    for (const auto& step : release_steps()) minors.insert(step.release.minor);
    EXPECT_EQ(minors, (std::set{10, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 23,
                                24, 25, 26, 27, 28, 29, 30, 32, 33, 35, 36}));
}

TEST(ReleaseSteps, BetweenTwoReleasesLeaveTheFirstOutAndTakeTheSecondIn) {
    EXPECT_THAT(release_steps_between({3, 24, 0}, {3, 24, 0}), IsEmpty());
    const auto steps = release_steps_between({3, 24, 0}, {3, 25, 0});
    EXPECT_THAT(steps, SizeIs(2));
    EXPECT_TRUE(holds(steps, {3, 25, 0}, "ns-db migrate", DoneBy::upgrade));
    EXPECT_TRUE(holds(steps, {3, 25, 0}, "noc-db migrate", DoneBy::upgrade));
}

TEST(ReleaseSteps, KnowStopOversThatAreNeededAndThatAreNot) {
    const auto steps = release_steps_between({3, 18, 0}, {3, 32, 0});
    EXPECT_TRUE(holds(steps, {3, 19, 2}, "stop-over 3.19.2", DoneBy::stack));
    EXPECT_TRUE(holds(steps, {3, 24, 0}, "stop-over 3.24", DoneBy::nobody));
}

TEST(ReleaseSteps, OfWhatIsGoneByThenAreDoneByNobody) {
    EXPECT_TRUE(
        holds(release_steps_between({3, 10, 0}, {3, 25, 0}), {3, 11, 0}, "dcs-db migrate", DoneBy::stack));
    EXPECT_TRUE(
        holds(release_steps_between({3, 10, 0}, {3, 26, 0}), {3, 11, 0}, "dcs-db migrate", DoneBy::nobody));
}

TEST(ReleaseSteps, AreThisProgramsOnlyWhereItHasTheCommand) {
    const std::set<std::string_view> groups{"is-db", "dcs-db",     "ns-db", "as-db",
                                            "js-db", "storage-db", "noc-db"};
    for (const auto& step : release_steps()) {
        const bool ours = step.by == DoneBy::upgrade || step.by == DoneBy::asked;
        EXPECT_TRUE(!ours || groups.contains(step.name.substr(0, step.name.find(' ')))) << step.name;
    }
}

}  // namespace
}  // namespace tti::stack
