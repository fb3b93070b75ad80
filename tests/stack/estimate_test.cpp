#include "stack/estimate.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "of_group.hpp"

namespace tti::stack {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;

Due due(std::string_view group, std::size_t steps, std::int64_t records, milliseconds took) {
    operation::Plan plan;
    for (std::size_t i = 0; i < steps; ++i) plan.steps.push_back({.name = std::to_string(i)});
    if (records > 0) plan.steps.front().touches = {{"end devices", records}};
    return {.database = of_group(group), .plan = plan, .failure = {}, .warnings = {}, .took = took};
}

json run(const std::string& command, double seconds, std::size_t steps, json counts) {
    return {{"command", command}, {"seconds", seconds},
            {"outcome", "done"},  {"started_at", "2026-11-29T02:00:00Z"},
            {"counts", counts},   {"steps", std::vector<std::string>(steps, "step")}};
}

TEST(Estimate, IsAtLeastWhatPlanningTookWhereThereIsNothingToGoBy) {
    const auto found = estimate(due("as-db", 2, 1000, milliseconds(3100)), json::array());
    ASSERT_TRUE(found);
    EXPECT_TRUE(found->at_least);
    EXPECT_EQ(found->time, milliseconds(3100));
    EXPECT_EQ(text(*found),
              "at least 3.1 s (the look at what is due took that; there is no earlier run to go by)");
}

TEST(Estimate, GoesByTheRecordsOfTheNewestRunOnRedis) {
    const json operations{run("as-db purge --yes", 100, 1, {{"keys", 5}}),
                          run("as-db migrate", 2, 2, {{"end devices changed", 1000}}),
                          run("as-db migrate --force", 50, 2, {{"end devices changed", 1}})};
    const auto found = estimate(due("as-db", 2, 5000, milliseconds(10)), operations);
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->at_least);
    EXPECT_EQ(found->time, milliseconds(10'000));
    EXPECT_EQ(found->basis, "by as-db migrate of 2026-11-29: 1,000 records in 2 s");
}

TEST(Estimate, GoesByStepsOnPostgreSqlAndIsNeverBelowThePlanning) {
    const json operations{run("is-db migrate", 0.75, 15, {{"migrations", 15}})};
    EXPECT_EQ(estimate(due("is-db", 30, 7, milliseconds(10)), operations)->time, milliseconds(1500));
    EXPECT_EQ(estimate(due("is-db", 30, 7, milliseconds(9000)), operations)->time, milliseconds(9000));
    EXPECT_EQ(estimate(due("is-db", 1, 0, milliseconds(1)), operations)->basis,
              "by is-db migrate of 2026-11-29: 15 steps in 0.8 s");
}

TEST(Estimate, PassesOverRunsThatFailedWentBackOrHaveNoEnd) {
    auto failed = run("is-db migrate", 9, 1, json::object());
    failed["outcome"] = "failed";
    auto running = run("is-db migrate", 9, 1, json::object());
    running["seconds"] = nullptr;
    const json operations{failed, running, run("is-db migrate --rollback", 9, 1, json::object())};
    EXPECT_TRUE(estimate(due("is-db", 1, 0, milliseconds(5)), operations)->at_least);
}

TEST(Estimate, IsNoneWhereNothingIsDue) {
    EXPECT_FALSE(estimate(due("is-db", 0, 0, milliseconds(5)), json::array()));
    EXPECT_FALSE(
        estimate({.database = of_group("is-db"), .plan = {}, .failure = {}, .warnings = {}}, json::array()));
}

}  // namespace
}  // namespace tti::stack
