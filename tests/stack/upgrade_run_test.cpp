#include "stack/upgrade_run.hpp"

#include <thread>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "probe.hpp"
#include "support/trigger_stop.hpp"
#include "util/text.hpp"

namespace tti::stack {
namespace {

using operation::Plan;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using Words = std::span<const std::string>;

UpgradePart part(const std::string& group, const std::string& tenant = "", bool destroys = false) {
    return {.group = group,
            .tenant_id = tenant,
            .plan = {.title = "migrate", .steps = {{.name = "1", .destroys = destroys}, {.name = "2"}}}};
}

// An upgrade of two databases of PostgreSQL and the key spaces of two tenants, run by commands that note that
// they were called.
class UpgradeRuns : public ::testing::Test {
  protected:
    UpgradeRuns() {
        plan_.parts = {part("is-db"), part("ns-db"), part("ns-db", "acme"), part("noc-db")};
        for (const auto* name : {"only", "backup", "plan-hash", "until", "yes"}) {
            probe_.values.declare(
                {.name = name,
                 .type = name == std::string("yes") ? settings::Type::boolean : settings::Type::text});
        }
    }

    ExitCode command(Words words, operation::Reporter& reporter, util::Stop& stop) {
        calls_.push_back(util::join(words, " "));
        reporter.plan(plan_now_, false);
        if (during_) during_(words.front());
        util::throw_if_requested(stop);
        reporter.result(words.front() + " is done", {{"group", words.front()}});
        return ExitCode::done;
    }
    void given(const std::string& option, settings::Value value) {
        probe_.values.set(option, std::move(value), {settings::Origin::flag, "flag --" + option});
    }
    // "done", or the message and hint of what was thrown.
    std::string run(UpgradeRun how = {}) {
        how.wait = "0s";
        try {
            done_ = run_upgrade(probe_.context, plan_, how);
            return "done";
        } catch (const Error& error) {
            code_ = error.code();
            return fmt::format("{} | {}", error.what(), error.hint());
        }
    }

    std::vector<std::string> calls_;
    std::vector<UpgradeDone> done_;
    ExitCode code_ = ExitCode::done;
    Plan plan_now_;
    UpgradePlan plan_;
    std::function<void(const std::string& group)> during_;
    testing::Probe probe_{[this](Words words, operation::Reporter& reporter, util::Stop& stop) {
        return command(words, reporter, stop);
    }};
};

TEST_F(UpgradeRuns, RunEveryPartInOrder) {
    EXPECT_EQ(run(), "done");
    EXPECT_THAT(calls_, ElementsAre("is-db migrate --yes --wait=0s", "ns-db migrate --yes --wait=0s",
                                    "ns-db migrate --tenant-id=acme --yes --wait=0s",
                                    "noc-db migrate --yes --wait=0s"));
    ASSERT_EQ(done_.size(), 4U);
    EXPECT_EQ(done_[2].part.name(), "ns-db of tenant acme");
    EXPECT_EQ(done_[3].text, "noc-db is done");
    EXPECT_EQ(done_[3].data["group"], "noc-db");
}

TEST_F(UpgradeRuns, EndAtTheFirstFailureAndSayHowFarTheyCame) {
    given("only", std::string("is-db,ns-db"));
    given("plan-hash", std::string("0123456789ab"));
    given("yes", true);
    during_ = [this](const std::string& group) {
        if (group == "ns-db" && calls_.size() == 3)
            throw PartlyFailedError("2 records are broken", "Mend them.");
    };
    EXPECT_EQ(
        run(),
        "ns-db of tenant acme: 2 records are broken; done: is-db, ns-db; not done: ns-db of tenant acme, "
        "noc-db | Mend them. To continue: tti-lw-stack upgrade --only=is-db,ns-db --yes");
    EXPECT_EQ(code_, ExitCode::partly_failed);
    EXPECT_EQ(calls_.size(), 3U);
}

TEST_F(UpgradeRuns, EndWhereAnEndIsAskedFor) {
    test::TriggerStop stop;
    cli::Context context{probe_.program,
                         probe_.values,
                         probe_.surroundings,
                         probe_.told,
                         probe_.prompt,
                         stop,
                         probe_.input,
                         "",
                         probe_.context.run_command};
    during_ = [&stop](const std::string& group) {
        if (group == "ns-db") stop.ask();
    };
    try {
        run_upgrade(context, plan_, {});
        ADD_FAILURE() << "it went on";
    } catch (const InterruptedError& error) {
        EXPECT_THAT(error.what(),
                    StartsWith("stopped on request, at a safe point; done: is-db; not done: ns-db (2 name "
                               "spaces), noc-db"));
        EXPECT_EQ(error.hint(), "To continue: tti-lw-stack upgrade");
    }
}

TEST_F(UpgradeRuns, BeginNothingWhenTheTimeHasCome) {
    EXPECT_THAT(run({.until = std::chrono::system_clock::now() - std::chrono::hours(1)}),
                StartsWith("stopped at a safe point, for it is "));
    EXPECT_EQ(code_, ExitCode::interrupted);
    EXPECT_THAT(calls_, IsEmpty());
}

TEST_F(UpgradeRuns, EndWhenTheTimeComes) {
    during_ = [](const std::string& group) {
        if (group == "ns-db") std::this_thread::sleep_for(std::chrono::milliseconds(120));
    };
    EXPECT_THAT(run({.until = std::chrono::system_clock::now() + std::chrono::milliseconds(100)}),
                HasSubstr("; not done: "));
    EXPECT_EQ(code_, ExitCode::interrupted);
    EXPECT_LE(calls_.size(), 2U);
}

// "04:00" after four o'clock would be tomorrow's, so the hint of a failure before says which day's it is.
TEST_F(UpgradeRuns, ContinueUntilThatVeryTime) {
    given("until", std::string("04:00"));
    const auto now = std::chrono::system_clock::now();
    EXPECT_THAT(run({.until = now - std::chrono::minutes(1)}), EndsWith("To continue: tti-lw-stack upgrade"));
    during_ = [](const std::string&) { throw UnreachableError("gone"); };
    const auto later = std::chrono::floor<std::chrono::seconds>(now) + std::chrono::hours(1);
    EXPECT_THAT(run({.until = later}),
                EndsWith(fmt::format("To continue: tti-lw-stack upgrade --until={:%Y-%m-%dT%H:%M:%SZ}",
                                     fmt::gmtime(std::chrono::system_clock::to_time_t(later)))));
}

TEST_F(UpgradeRuns, BackUpFirst) {
    given("backup", std::string("there"));
    during_ = [](const std::string& group) {
        if (group == "is-db") throw UnreachableError("gone");
    };
    EXPECT_EQ(run({.backup = "there"}),
              "is-db: gone; done: nothing; not done: is-db, ns-db (2 name spaces), noc-db | To "
              "continue: tti-lw-stack upgrade");
    EXPECT_EQ(calls_.front(), "backup there");
}

TEST_F(UpgradeRuns, MigrateNothingWithoutTheBackup) {
    given("backup", std::string("there"));
    during_ = [](const std::string&) { throw Error(ExitCode::unexpected, "the disk is full", "Free some."); };
    EXPECT_EQ(run({.backup = "there"}),
              "backup: the disk is full; done: nothing; not done: is-db, ns-db (2 name spaces), "
              "noc-db | Free some. To continue: tti-lw-stack upgrade --backup=there");
    EXPECT_THAT(calls_, ElementsAre("backup there"));
}

TEST_F(UpgradeRuns, RefuseALossThatWasNotShown) {
    plan_now_ = {.title = "migrate", .steps = {{.name = "1", .destroys = true}}};
    EXPECT_THAT(run(), HasSubstr("is-db: by now more would be removed than the plan of is-db showed"));
    EXPECT_EQ(code_, ExitCode::refused);
    EXPECT_EQ(run({.agreed = UpgradeRun::Agreed::whatever_it_is}), "done");

    plan_.parts = {part("is-db", "", true)};
    EXPECT_EQ(run(), "done");
    plan_now_.confirmation = "5 rows would be removed for good";
    EXPECT_THAT(run(), HasSubstr("5 rows would be removed for good"));
    plan_.parts.front().plan.confirmation = plan_now_.confirmation;
    EXPECT_EQ(run(), "done");
}

TEST_F(UpgradeRuns, RefuseALargerLossThanWasShown) {
    const auto removing = [](operation::Amounts amounts) {
        return Plan{.title = "migrate",
                    .steps = {{.name = "bound", .touches = std::move(amounts), .destroys = true}}};
    };
    plan_.parts = {part("js-db")};
    plan_.parts.front().plan = removing({{"session keys", 1000}, {"bytes", 5}});
    plan_now_ = removing({{"session keys", 1100}, {"bytes", 90000}});
    EXPECT_EQ(run(), "done");
    plan_now_ = removing({{"session keys", 1101}});
    EXPECT_THAT(
        run(),
        HasSubstr("more would be removed than the plan of js-db showed: bound removes 1101 session keys"));
    EXPECT_EQ(code_, ExitCode::refused);
    EXPECT_EQ(run({.agreed = UpgradeRun::Agreed::whatever_it_is}), "done");
    plan_now_ = removing({{"session keys", 10}, {"lists", 10}});
    EXPECT_EQ(run(), "done");
    plan_now_ = removing({{"lists", 11}});
    EXPECT_THAT(run(), HasSubstr("bound removes 11 lists"));
    plan_now_ = removing({{"session keys", 3000}});
    plan_now_.steps.front().destroys = false;
    EXPECT_EQ(run(), "done");
}

TEST_F(UpgradeRuns, RefuseAStepThatTheHashDidNotCover) {
    plan_.parts = {part("ns-db")};
    plan_now_ = {.title = "migrate", .steps = {{.name = "2"}}};
    EXPECT_EQ(run({.agreed = UpgradeRun::Agreed::steps_shown}), "done");
    plan_now_.steps.push_back({.name = "3"});
    EXPECT_EQ(run(), "done");
    EXPECT_THAT(
        run({.agreed = UpgradeRun::Agreed::steps_shown}),
        HasSubstr("by now 3 is due, which the plan of ns-db did not show; done: nothing; not done: ns-db | "
                  "The next plan shows it."));
    EXPECT_EQ(code_, ExitCode::refused);
    plan_now_ = {.title = "migrate", .steps = {{.name = "1", .group = "acme"}}};
    EXPECT_THAT(run({.agreed = UpgradeRun::Agreed::steps_shown}), HasSubstr("by now 1 is due"));
}

}  // namespace
}  // namespace tti::stack
