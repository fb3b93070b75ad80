#include <csignal>
#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "fakes.hpp"
#include "operation/redis_journal.hpp"
#include "operation/redis_run_lock.hpp"
#include "support/redis_server.hpp"
#include "util/error.hpp"

namespace tti::operation {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* key = "ttn:v3:tti:lock:ns";

class RedisRunLockTest : public testing::Test {
  protected:
    RedisRunLockTest() { connection_.call("FLUSHALL"); }

    RedisRunLock lock_of(const std::string& command, Area area = Area::network_server) {
        return {server().target(), "ttn:v3:", area, identity(command), reporter_, stop_};
    }
    static Identity identity(const std::string& command) {
        return {"ada", "db1", 4711, "task7", "1.0", command};
    }
    static tti::test::RedisServer& server() {
        static tti::test::RedisServer shared;
        return shared;
    }
    std::int64_t remaining() { return connection_.call("PTTL", key)->integer(); }

    test::Events events_;
    test::FakeReporter reporter_{events_};
    test::FakeStop stop_;
    redis::Connection connection_{server().target(), {.context = "test"}, stop_};
};

TEST_F(RedisRunLockTest, KeepsASecondRunOffAndNamesTheHolder) {
    auto first = lock_of("ns-db migrate");
    auto second = lock_of("ns-db purge");
    first.acquire(0ns);
    EXPECT_TRUE(first.held());
    first.progress("index", 40);
    try {
        second.acquire(3s);
        FAIL();
    } catch (const LockedError& error) {
        EXPECT_THAT(error.what(), AllOf(HasSubstr("ada on host db1, process 4711, task task7, since "),
                                        HasSubstr("\"ns-db migrate\", at step index, 40 %")));
        EXPECT_THAT(error.hint(), HasSubstr("--wait"));
    }
    EXPECT_FALSE(second.held());
    auto elsewhere = lock_of("as-db migrate", Area::application_server);
    elsewhere.acquire(0ns);
}

TEST_F(RedisRunLockTest, IsTakenBelowAllPrefixesOrNone) {
    static constexpr const char* tenants = "ttn:v3:acme:tti:lock:ns";
    const auto taken = [this] { return connection_.call("EXISTS", key, tenants)->integer(); };
    {
        auto lock = lock_of("restore");
        lock.add("ttn:v3:acme:");
        connection_.call("SET", tenants, "somebody");
        EXPECT_THROW(lock.acquire(0ns), LockedError);
        EXPECT_EQ(taken(), 1);
        connection_.call("DEL", tenants);
        lock.acquire(0ns);
        EXPECT_EQ(taken(), 2);
        lock.require_held();
    }
    EXPECT_EQ(taken(), 0);
}

TEST_F(RedisRunLockTest, IsGoneWithItsOwner) {
    {
        auto lock = lock_of("ns-db migrate");
        lock.acquire(0ns);
        EXPECT_GT(remaining(), 0);
    }
    EXPECT_EQ(connection_.call("EXISTS", key)->integer(), 0);
}

TEST_F(RedisRunLockTest, WaitsForItsTurn) {
    auto first = std::make_unique<RedisRunLock>(server().target(), "ttn:v3:", Area::network_server,
                                                identity("first"), reporter_, stop_);
    first->acquire(0ns);
    auto waiting = std::async(std::launch::async, [this] {
        auto second = lock_of("second");
        second.acquire(10s);
        return second.held();
    });
    std::this_thread::sleep_for(400ms);
    EXPECT_EQ(waiting.wait_for(0s), std::future_status::timeout);
    first.reset();
    EXPECT_TRUE(waiting.get());
}

TEST_F(RedisRunLockTest, RefusesSoonWhereTheHolderLives) {
    auto first = lock_of("first");
    first.acquire(0ns);
    auto second = lock_of("second");
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_THROW(second.acquire(0ns), LockedError);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s);
}

TEST_F(RedisRunLockTest, WaitsForTheLockOfAKilledRunWithoutBeingTold) {
    connection_.call("SET", key, R"({"token":"X","user":"eve","host":"db2","pid":1})", "PX", "4000");
    auto lock = lock_of("again");
    lock.acquire(0ns);
    EXPECT_TRUE(lock.held());
}

TEST_F(RedisRunLockTest, StopsWaitingOnRequest) {
    auto first = lock_of("first");
    first.acquire(0ns);
    auto second = lock_of("second");
    stop_.now = true;
    EXPECT_THROW(second.acquire(10s), InterruptedError);
}

TEST_F(RedisRunLockTest, IsKeptAlive) {
    auto lock = lock_of("ns-db migrate");
    lock.acquire(0ns);
    connection_.call("PEXPIRE", key, "2000");
    std::this_thread::sleep_for(1500ms);
    EXPECT_GT(remaining(), 10'000);
}

TEST_F(RedisRunLockTest, IsTakenAgainWhereTheServerForgotIt) {
    auto lock = lock_of("ns-db migrate");
    lock.acquire(0ns);
    connection_.call("UNLINK", key);
    std::this_thread::sleep_for(1500ms);
    EXPECT_GT(remaining(), 0);
    EXPECT_TRUE(lock.held());
}

TEST_F(RedisRunLockTest, NoticesThatItIsAnothersAndLeavesIt) {
    const std::string other = R"({"token":"X","user":"eve","host":"db2","pid":1,"command":"ns-db purge"})";
    {
        auto lock = lock_of("ns-db migrate");
        lock.acquire(0ns);
        connection_.call("SET", key, other);
        std::this_thread::sleep_for(1500ms);
        EXPECT_FALSE(lock.held());
        try {
            lock.require_held();
            FAIL();
        } catch (const LockedError& error) {
            EXPECT_THAT(error.what(), HasSubstr("lost to another run: eve on host db2"));
        }
    }
    EXPECT_EQ(connection_.call("GET", key)->text(), other);
}

// A process that was stopped for longer than the lock lasts asks before it goes on. The stop ends just when
// another run has taken the lock.
TEST_F(RedisRunLockTest, IsNotTrustedAfterAStop) {
    std::array<int, 2> pipe{};
    ASSERT_EQ(::pipe(pipe.data()), 0);
    const pid_t child = fork();
    if (child == 0) {
        auto lock = lock_of("child");
        lock.acquire(0ns);
        [[maybe_unused]] const auto told = ::write(pipe[1], "x", 1);
        std::this_thread::sleep_for(500ms);  // stopped here
        _exit(lock.held() ? 1 : 42);
    }
    char byte = 0;
    ASSERT_EQ(::read(pipe[0], &byte, 1), 1);
    ::kill(child, SIGSTOP);
    // The lock expires as if the time had passed; that it has passed is what the child's clock must tell.
    std::this_thread::sleep_for(lock_time - 1s);
    connection_.call("SET", key, R"({"token":"X","host":"db2"})");
    ::kill(child, SIGCONT);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), 42);
}

class RedisJournalTest : public RedisRunLockTest {};

TEST_F(RedisJournalTest, TellsOfRunsNewestFirst) {
    for (const std::string command : {"ns-db migrate", "ns-db purge"}) {
        auto lock = lock_of(command);
        lock.acquire(0ns);
        RedisJournal journal(connection_, "ttn:v3:", Area::network_server, lock);
        journal.begin(identity(command), "hash", {"one", "two"});
        journal.finish(command == "ns-db purge" ? Outcome::failed : Outcome::done, {{"keys", 3}}, "why");
    }
    const auto records = read_redis_journal(connection_, "ttn:v3:", Area::network_server, 10);
    ASSERT_EQ(records.size(), 2);
    EXPECT_EQ(records[0].command, "ns-db purge");
    EXPECT_EQ(records[0].outcome, "failed");
    EXPECT_EQ(records[0].error, "why");
    EXPECT_EQ(records[1].outcome, "done");
    EXPECT_EQ(records[1].counts, R"({"keys":3})");
    EXPECT_EQ(records[1].steps, (std::vector<std::string>{"one", "two"}));
    EXPECT_THAT(records[1].started_at, testing::MatchesRegex("20..-..-..T..:..:..Z"));
    EXPECT_EQ(read_redis_journal(connection_, "ttn:v3:", Area::network_server, 1).size(), 1);
    EXPECT_TRUE(read_redis_journal(connection_, "ttn:v3:", Area::join_server, 10).empty());
}

TEST_F(RedisJournalTest, RecognisesAKilledRun) {
    auto lock = std::make_unique<RedisRunLock>(server().target(), "ttn:v3:", Area::network_server,
                                               identity("ns-db migrate"), reporter_, stop_);
    lock->acquire(0ns);
    RedisJournal journal(connection_, "ttn:v3:", Area::network_server, *lock);
    journal.begin(identity("ns-db migrate"), "hash", {});
    EXPECT_EQ(read_redis_journal(connection_, "ttn:v3:", Area::network_server, 10).at(0).outcome, "running");
    connection_.call("SET", key, R"({"token":"another"})");
    EXPECT_EQ(read_redis_journal(connection_, "ttn:v3:", Area::network_server, 10).at(0).outcome, "killed");
}

TEST_F(RedisJournalTest, StaysSmall) {
    auto lock = lock_of("ns-db migrate");
    lock.acquire(0ns);
    RedisJournal journal(connection_, "ttn:v3:", Area::network_server, lock);
    for (int run = 0; run < 2500; ++run) journal.begin(identity("ns-db migrate"), "hash", {});
    EXPECT_LT(connection_.call("XLEN", "ttn:v3:tti:operations")->integer(), 1200);
}

}  // namespace
}  // namespace tti::operation
