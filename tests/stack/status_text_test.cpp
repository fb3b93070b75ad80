#include "stack/status_text.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "cli/text_layout.hpp"
#include "util/text.hpp"

namespace tti::stack {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

DatabaseStatus in_order(const Database& database) {
    const bool redis = database.server == Server::redis;
    return {.database = database,
            .condition =
                operation::Condition{
                    .server = redis ? "7.0.15" : "15.18",
                    .database = redis ? "localhost:6379" : "localhost:5432/stack",
                    .version = redis ? nlohmann::json(1) : nlohmann::json("20240103000002"),
                    .newest_version = redis ? nlohmann::json(1) : nlohmann::json("20240103000002")},
            .failure = {},
            .due = {},
            .estimate = {}};
}

StackStatus all_in_order() {
    StackStatus status{.at = "2026-11-30T18:00:00Z"};
    for (const auto& database : databases()) status.databases.push_back(in_order(database));
    return status;
}

// Nothing of is-db is as it should be, in the longest words.
StackStatus troubled() {
    auto status = all_in_order();
    auto& one = status.databases.front();
    one.code = ExitCode::due;
    one.condition->version = "release 3.19";
    one.condition->differences = {
        "tenant acme: index users.users_primary_email_address_index is missing; it should be "
        "\"unique btree (primary_email_address) WHERE deleted_at IS NULL\""};
    one.condition->backups.troubles = {"WAL archiving fails since 2026-11-29T00:00:00Z, 12 failures so far."};
    operation::Plan plan;
    for (int i = 0; i < 1001; ++i) {
        plan.steps.push_back({.name = "20240103000002_universal_rights_of_users",
                              .why = "not applied yet",
                              .lock = operation::Lock::table,
                              .group = "tenant" + std::to_string(i)});
    }
    one.due = Due{.database = one.database, .plan = plan, .failure = {}, .warnings = {}};
    one.estimate = Estimate{.time = std::chrono::seconds(14),
                            .at_least = false,
                            .basis = "by is-db migrate of 2026-11-29: 15 steps in 0.8 s"};
    one.last_operation = {{"outcome", "partly failed"}, {"started_at", "2026-11-18T18:00:00Z"}};
    status.databases.back().code = ExitCode::unreachable;
    status.databases.back().condition.reset();
    status.databases.back().failure =
        Failure{ExitCode::unreachable, "noc-db status: no answer in time",
                "Wait longer with --timeout, or give that command alone: tti-lw-stack noc-db status"};
    status.tenants = {.tenants = 1000, .not_recorded = {{"ns-db", 1000}, {"as-db", 3}, {"js-db", 0}}};
    return status;
}

TEST(StatusText, IsShortWhereAllIsInOrder) {
    const auto text = status_text(all_in_order(), false);
    EXPECT_THAT(text, HasSubstr("database    state        layout                            last operation\n"
                                "is-db       in order     20240103000002                    none\n"
                                "dcs-db      in order     1                                 none\n"));
    EXPECT_THAT(text, HasSubstr("\nPostgreSQL 15.18 at localhost:5432/stack: is-db, storage-db, noc-db\n"
                                "    backups: the server does not tell\n"
                                "Redis 7.0.15 at localhost:6379: dcs-db, ns-db, as-db, js-db\n"));
    EXPECT_TRUE(text.ends_with("\nnothing is due\n"));
    EXPECT_LE(util::split(text, '\n').size(), 24);
}

TEST(StatusText, TellsOfWhatIsNotInOrderWhatWhyHowLongAndWhatTheStackNotices) {
    const auto text = status_text(troubled(), false);
    EXPECT_THAT(
        text,
        AllOf(HasSubstr("is-db       due          release 3.19 -> 20240103000002    partly failed 12d ago\n"),
              HasSubstr("noc-db      unreachable  unknown                           unknown\n")));
    EXPECT_THAT(text,
                AllOf(HasSubstr("\nis-db, Identity Server: due\n    due: 1,001 steps in 1,001 tenants:"),
                      HasSubstr("why: not applied yet\n"), HasSubstr("time: about 14 s (by is-db migrate of"),
                      HasSubstr("locks: whole table; the stack's reads and writes"),
                      HasSubstr("undo: cannot be undone\n"), HasSubstr("drift: tenant acme"),
                      HasSubstr("WAL archiving fails")));
    EXPECT_THAT(text,
                HasSubstr("1,000 tenants besides the default one; so many have no version recorded in"));
    EXPECT_THAT(text, Not(HasSubstr("js-db 0")));
    EXPECT_THAT(text, HasSubstr("\nnext: tti-lw-stack is-db migrate\n"));
}

TEST(StatusText, FitsIntoEightyColumns) {
    for (const auto& line : util::split(status_text(troubled(), false), '\n')) {
        EXPECT_LE(cli::display_width(line), 80) << line;
    }
}

TEST(StatusText, SaysWithoutColourAllThatItSaysWithIt) {
    auto text = status_text(troubled(), true);
    EXPECT_THAT(text, AllOf(HasSubstr("\033[33mdue        \033[0m"), HasSubstr("\033[31munreachable\033[0m"),
                            HasSubstr("\033[32min order   \033[0m")));
    for (const auto* code : {"\033[31m", "\033[32m", "\033[33m", "\033[0m"}) {
        for (auto at = text.find(code); at != std::string::npos; at = text.find(code)) {
            text.erase(at, std::string_view(code).size());
        }
    }
    EXPECT_EQ(text, status_text(troubled(), false));
}

TEST(StatusText, NamesOneUpgradeForSeveralDatabases) {
    auto status = all_in_order();
    for (auto& one : status.databases) {
        operation::Plan plan;
        plan.steps.push_back({.name = "step"});
        one.code = ExitCode::due;
        one.due = Due{.database = one.database, .plan = plan, .failure = {}, .warnings = {}};
    }
    EXPECT_THAT(status.next(), ::testing::ElementsAre("upgrade"));
}

TEST(StatusText, GivesNoCommandOfThisBuildWhereADatabaseIsNewer) {
    auto status = troubled();
    status.databases[1].code = ExitCode::newer_database;
    EXPECT_EQ(status.code(), ExitCode::newer_database);
    EXPECT_TRUE(status_text(status, false).ends_with("\nnext: use a newer tti-lw-stack\n"));
}

TEST(StatusText, SaysHowToBeginWhereNothingIsSet) {
    auto status = troubled();
    status.addresses_given = false;
    EXPECT_THAT(status_text(status, false), HasSubstr("tti-lw-stack local up"));
    status.addresses_given = true;
    EXPECT_THAT(status_text(status, false), Not(HasSubstr("local up")));
}

}  // namespace
}  // namespace tti::stack
