#include "stack/survey.hpp"

#include <mutex>
#include <set>

#include <gmock/gmock.h>
#include <poll.h>

#include "probe.hpp"
#include "support/trigger_stop.hpp"

namespace tti::stack {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Words = std::span<const std::string>;

constexpr std::chrono::minutes long_enough{10};

void wait_for(const util::Stop& stop) {
    pollfd watched{stop.descriptor(), POLLIN, 0};
    poll(&watched, 1, -1);
    throw InterruptedError("stopped on request");
}

operation::Plan plan_of(std::size_t steps) {
    operation::Plan plan{.title = "migrate"};
    for (std::size_t i = 0; i < steps; ++i) plan.steps.push_back({.name = std::to_string(i)});
    return plan;
}

TEST(Survey, AsksEveryDatabaseByTheDryRunOfItsMigration) {
    std::mutex mutex;
    std::set<std::string> asked;
    testing::Probe probe([&](Words words, operation::Reporter& reporter, util::Stop&) {
        EXPECT_THAT(std::vector<std::string>(words.begin() + 1, words.end()),
                    ElementsAre("migrate", "--dry-run"));
        reporter.plan(plan_of(words[0] == "is-db" ? 2 : 0), true);
        const std::lock_guard lock(mutex);
        asked.insert(words[0]);
        return ExitCode::done;
    });
    const auto found = survey(probe.context, databases(), probe.stop, long_enough);
    ASSERT_EQ(found.size(), databases().size());
    EXPECT_EQ(asked.size(), databases().size());
    for (const auto& due : found) {
        ASSERT_TRUE(due.plan);
        EXPECT_EQ(due.nothing_to_do(), due.database.group != "is-db");
        EXPECT_FALSE(due.failure);
    }
    EXPECT_EQ(found.front().plan->steps.size(), 2);
}

TEST(Survey, KeepsWhatOneDatabaseFailsWithAndGoesOn) {
    testing::Probe probe([](Words words, operation::Reporter& reporter, util::Stop&) {
        if (words[0] == "ns-db") throw UnreachableError("no server there", "Start it.");
        if (words[0] == "as-db") throw std::runtime_error("a fault");
        reporter.plan(plan_of(1), true);
        if (words[0] == "js-db") throw RefusedError("will not", "Mend it.");
        return ExitCode::done;
    });
    for (const auto& due : survey(probe.context, databases(), probe.stop, long_enough)) {
        if (due.database.group == "ns-db") {
            EXPECT_FALSE(due.plan);
            EXPECT_EQ(due.failure->code, ExitCode::unreachable);
            EXPECT_EQ(due.failure->message, "no server there");
            EXPECT_EQ(due.failure->hint, "Start it.");
        } else if (due.database.group == "as-db") {
            EXPECT_EQ(due.failure->code, ExitCode::unexpected);
        } else if (due.database.group == "js-db") {
            EXPECT_TRUE(due.plan);  // shown, and must not run
            EXPECT_EQ(due.failure->code, ExitCode::refused);
        } else {
            EXPECT_FALSE(due.failure);
        }
    }
}

TEST(Survey, TellsWhoDidNotAnswerInTimeAndWhatItWaitedFor) {
    testing::Probe probe([](Words words, operation::Reporter& reporter, util::Stop& stop) {
        if (words[0] == "is-db") {
            reporter.log(operation::Level::warn, "A table is held by pid 7");
            wait_for(stop);
        }
        return ExitCode::done;
    });
    const auto found = survey(probe.context, databases().first(2), probe.stop, std::chrono::milliseconds(1));
    ASSERT_TRUE(found.front().failure);
    EXPECT_EQ(found.front().failure->code, ExitCode::unreachable);
    EXPECT_THAT(found.front().failure->message, HasSubstr("no answer in time: A table is held by pid 7"));
    EXPECT_FALSE(found.back().failure);
}

TEST(Survey, EndsWhenSomebodyAsks) {
    testing::Probe probe([](Words, operation::Reporter&, util::Stop& stop) {
        wait_for(stop);
        return ExitCode::done;
    });
    test::TriggerStop stop;
    stop.ask();
    EXPECT_THROW(survey(probe.context, databases(), stop, long_enough), InterruptedError);
}

}  // namespace
}  // namespace tti::stack
