#include "doctor/postgres_judgement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "doctor/version.hpp"

namespace tti::doctor {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Version, ReadsWhatIsThere) {
    EXPECT_EQ(version_of("7.0.15"), (Version{7, 0, 15}));
    EXPECT_EQ(version_of("2.13.1-dev"), (Version{2, 13, 1}));
    EXPECT_EQ(version_of("6.2"), (Version{6, 2, 0}));
    EXPECT_EQ(version_of("x"), Version{});
    EXPECT_LT(version_of("6.0.20"), version_of("6.2"));
}

TEST(JudgePostgresVersion, RefusesWhatTheStackDoes) {
    EXPECT_THAT(judge_postgres_version(140000, "14.0"), IsEmpty());
    const auto found = judge_postgres_version(130014, "13.14");
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_EQ(found[0].severity, Severity::error);
    EXPECT_THAT(found[0].evidence, HasSubstr("13.14"));
}

TEST(JudgeConnections, TakesTheLeastLimit) {
    EXPECT_EQ((ConnectionLimits{97, -1, -1, 0}.least()), 97);
    EXPECT_EQ((ConnectionLimits{97, 50, 60, 0}.least()), 50);
    EXPECT_EQ((ConnectionLimits{97, -1, 0, 0}.least()), 0);
}

TEST(JudgeConnections, WantsRoomForTwoInstances) {
    EXPECT_THAT(judge_connections({97, -1, -1, 3}, 30, ""), IsEmpty());
    EXPECT_EQ(judge_connections({97, -1, -1, 3}, 60, "").at(0).severity, Severity::note);
    EXPECT_EQ(judge_connections({97, -1, -1, 3}, 98, "").at(0).severity, Severity::error);
    const auto nearly = judge_connections({97, -1, -1, 90}, 30, "");
    ASSERT_THAT(nearly, SizeIs(1));
    EXPECT_THAT(nearly[0].evidence, HasSubstr("90 of 97"));
}

TEST(JudgeTransactionAge, MeasuresByWhatAutovacuumIsToKeep) {
    constexpr std::int64_t usual = 200'000'000;
    EXPECT_THAT(judge_transaction_age(usual + 50'000'000, usual, "x"), IsEmpty());
    EXPECT_EQ(judge_transaction_age(2 * usual, usual, "x").at(0).severity, Severity::warning);
    EXPECT_EQ(judge_transaction_age(1'600'000'000, usual, "x").at(0).severity, Severity::error);
    EXPECT_EQ(judge_transaction_age(1'100'000'000, 1'000'000'000, "x").at(0).severity, Severity::warning)
        << "a setting that leaves no room";
}

TEST(JudgeDeadRows, LooksForMuchAndForAShare) {
    EXPECT_THAT(judge_dead_rows({"public.users", 9'999, 0, ""}), IsEmpty());
    EXPECT_THAT(judge_dead_rows({"public.users", 20'000, 50'000, ""}), IsEmpty());
    const auto found = judge_dead_rows({"public.users", 20'000, 30'000, "2026-01-02"});
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_THAT(found[0].evidence, HasSubstr("last vacuumed 2026-01-02"));
    EXPECT_EQ(found[0].mend.text, "VACUUM (ANALYZE) public.users;");
}

TEST(JudgeTimescale, KnowsVersionsLicenceAndTheModeForRestoring) {
    EXPECT_THAT(judge_timescale({"2.13.1", "2.13.1", "timescale", false, 160002}), IsEmpty());
    EXPECT_EQ(judge_timescale({"2.12.2", "2.12.2", "timescale", false, 160002}).at(0).severity,
              Severity::error);
    EXPECT_THAT(judge_timescale({"2.12.2", "2.12.2", "timescale", false, 150006}), IsEmpty());
    EXPECT_THAT(judge_timescale({"2.12.2", "2.15.0", "timescale", false, 150006}).at(0).mend.text,
                HasSubstr("ALTER EXTENSION timescaledb UPDATE"));
    EXPECT_EQ(judge_timescale({"2.13.1", "", "apache", false, 150006}).at(0).severity, Severity::note);
    EXPECT_EQ(judge_timescale({"2.13.1", "", "timescale", true, 150006}).at(0).mend.text,
              "SELECT timescaledb_post_restore();");
    EXPECT_EQ(judge_timescale({"2.13.1", "", "timescale", false, 150006, "0"}).at(0).evidence,
              "timescaledb.max_background_workers = 0");
    EXPECT_THAT(judge_timescale({"2.13.1", "", "timescale", false, 150006, ""}), IsEmpty());
}

}  // namespace
}  // namespace tti::doctor
