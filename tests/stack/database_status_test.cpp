#include "stack/database_status.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>
#include <poll.h>

#include "of_group.hpp"
#include "probe.hpp"

namespace tti::stack {
namespace {

using nlohmann::json;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

[[noreturn]] void wait_for(const util::Stop& stop) {
    pollfd watched{stop.descriptor(), POLLIN, 0};
    poll(&watched, 1, -1);
    throw InterruptedError("stopped on request");
}

// A group whose commands answer as a test says.
class OneDatabase : public ::testing::Test {
  protected:
    DatabaseStatus status(std::string_view group, bool quick = false,
                          std::chrono::milliseconds limit = std::chrono::minutes(10)) {
        testing::Probe probe([this](auto words, operation::Reporter& reporter, util::Stop& stop) {
            asked_.emplace_back();
            for (const auto& word : words.subspan(1))
                asked_.back() += (asked_.back().empty() ? "" : " ") + word;
            return answer(asked_.back(), reporter, stop);
        });
        util::DeadlineStop stop(probe.stop, limit);
        return database_status(probe.context, of_group(group), quick, stop);
    }

    ExitCode answer(const std::string& command, operation::Reporter& reporter, util::Stop& stop) {
        if (command == slow_) wait_for(stop);
        if (failing_.contains(command)) throw Error(failing_[command], command + " failed", "Mend it.");
        if (command.starts_with("migrate")) reporter.plan(plan_, true);
        if (command.starts_with("history")) reporter.result("", {{"operations", operations_}});
        if (!command.starts_with("status")) return ExitCode::done;
        auto data = json::object();
        add(data, command == "status" ? full_ : quick_);
        reporter.result("", data);
        return command == "status" ? full_code_ : quick_code_;
    }

    std::vector<std::string> asked_;
    std::string slow_;
    std::map<std::string, ExitCode> failing_;
    operation::Plan plan_;
    json operations_ = json::array();
    operation::Condition quick_{.server = "7.0.15", .database = "here", .version = 1, .newest_version = 1};
    operation::Condition full_ = quick_;
    ExitCode quick_code_ = ExitCode::done;
    ExitCode full_code_ = ExitCode::done;
};

TEST_F(OneDatabase, InOrderIsLookedThroughOnce) {
    const auto found = status("ns-db");
    EXPECT_THAT(asked_, ElementsAre("status --quick", "history --limit 100", "status"));
    EXPECT_EQ(found.code, ExitCode::done);
    EXPECT_EQ(found.state(), "in order");
    EXPECT_TRUE(found.looked_through);
    EXPECT_TRUE(found.last_operation.is_null());
    EXPECT_EQ(found.next(), "");
}

TEST_F(OneDatabase, ThatIsDueOrAskedQuicklyIsNotLookedThroughAgain) {
    status("ns-db", true);
    EXPECT_THAT(asked_, ElementsAre("status --quick", "history --limit 100"));
    asked_.clear();
    quick_.version = 0;
    quick_code_ = ExitCode::due;
    plan_.steps.push_back({.name = "records"});
    operations_.push_back({{"outcome", "done"}});
    const auto found = status("ns-db");
    EXPECT_THAT(asked_, ElementsAre("status --quick", "history --limit 100", "migrate --dry-run"));
    EXPECT_EQ(found.state(), "due");
    EXPECT_EQ(found.code, ExitCode::due);
    EXPECT_EQ(found.next(), "ns-db migrate");
    EXPECT_TRUE(found.estimate);
    EXPECT_EQ(found.last_operation["outcome"], "done");
}

TEST_F(OneDatabase, OfMessagesHasAQuickStatusOfItsOwn) {
    const auto found = status("storage-db");
    EXPECT_THAT(asked_, ElementsAre("status", "history --limit 100", "migrate --dry-run"));
    EXPECT_TRUE(found.looked_through);
}

TEST_F(OneDatabase, ThatHasDriftedIsTold) {
    full_.differences = {"An index is missing."};
    full_.next = "is-db verify";
    full_code_ = ExitCode::due;
    const auto found = status("is-db");
    EXPECT_EQ(found.state(), "drift");
    EXPECT_EQ(found.next(), "is-db verify");
}

TEST_F(OneDatabase, ThatCannotBeAskedIsAskedOnce) {
    failing_["status --quick"] = ExitCode::unreachable;
    const auto found = status("ns-db");
    EXPECT_EQ(asked_.size(), 1);
    EXPECT_EQ(found.state(), "unreachable");
    EXPECT_EQ(found.failure->message, "status --quick failed");
    EXPECT_FALSE(found.condition);
}

TEST_F(OneDatabase, NewerThanThisBuildIsMoreThanDue) {
    quick_code_ = ExitCode::newer_database;
    failing_["migrate --dry-run"] = ExitCode::newer_database;
    const auto found = status("is-db");
    EXPECT_EQ(found.state(), "newer");
    EXPECT_EQ(found.next(), "");
}

TEST_F(OneDatabase, WhosePlanTakesTooLongIsReachableAndDueByItsVersion) {
    slow_ = "migrate --dry-run";
    quick_.version = 0;
    quick_.next = "ns-db migrate";
    quick_code_ = ExitCode::due;
    const auto found = status("ns-db", false, std::chrono::milliseconds(20));
    EXPECT_EQ(found.code, ExitCode::due);
    EXPECT_EQ(found.state(), "due");
    EXPECT_EQ(found.next(), "ns-db migrate");
    EXPECT_FALSE(found.estimate);
    EXPECT_THAT(found.warnings, Contains(HasSubstr("no answer in time")));
}

TEST_F(OneDatabase, ThatIsTooLargeToLookThroughGoesByItsVersion) {
    slow_ = "status";
    const auto found = status("ns-db", false, std::chrono::milliseconds(20));
    EXPECT_EQ(found.code, ExitCode::done);
    EXPECT_FALSE(found.looked_through);
    EXPECT_THAT(found.warnings, ElementsAre(HasSubstr("Not looked through in time")));
}

TEST_F(OneDatabase, WhoseJournalCannotBeReadIsToldAllTheSame) {
    failing_["history --limit 100"] = ExitCode::refused;
    const auto found = status("ns-db");
    EXPECT_EQ(found.code, ExitCode::done);
    EXPECT_THAT(found.warnings, ElementsAre(HasSubstr("journal")));
}

TEST(Urgency, PutsANewerDatabaseBeforeADeadOneBeforeOneThatIsDue) {
    EXPECT_EQ(more_urgent(ExitCode::due, ExitCode::unreachable), ExitCode::unreachable);
    EXPECT_EQ(more_urgent(ExitCode::newer_database, ExitCode::unreachable), ExitCode::newer_database);
    EXPECT_EQ(more_urgent(ExitCode::done, ExitCode::due), ExitCode::due);
    EXPECT_EQ(more_urgent(ExitCode::due, ExitCode::refused), ExitCode::refused);
    EXPECT_EQ(more_urgent(ExitCode::done, ExitCode::done), ExitCode::done);
}

}  // namespace
}  // namespace tti::stack
