#include <array>
#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "lorawan/mutex.hpp"
#include "stack_mutex.hpp"
#include "support/redis_server.hpp"
#include "util/error.hpp"

namespace tti::lorawan {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

class MutexTest : public testing::Test {
  protected:
    std::unique_ptr<redis::Connection> connect() {
        return std::make_unique<redis::Connection>(server_.target(), redis::ConnectOptions{.context = "test"},
                                                   stop_);
    }
    std::int64_t key_count() { return connection_->call("DBSIZE")->integer(); }

    test::RedisServer server_;
    util::NeverStop stop_;
    std::unique_ptr<redis::Connection> connection_ = connect();
};

TEST_F(MutexTest, IsTheStacksWhileItIsHeld) {
    const Mutex mutex(*connection_, "k", 0ms);
    EXPECT_EQ(connection_->call("GET", "k:lock")->text(), mutex.owner());
    EXPECT_GT(connection_->call("PTTL", "k:lock")->integer(), 9000);
    EXPECT_LE(connection_->call("PTTL", "k:lock")->integer(), 10000);
    EXPECT_EQ(key_count(), 1);
}

TEST_F(MutexTest, LeavesNothingBehind) {
    { const Mutex mutex(*connection_, "k", 0ms); }
    EXPECT_EQ(connection_->call("LLEN", "k:list")->integer(), 1);
    EXPECT_LE(connection_->call("PTTL", "k:lock")->integer(), 250);
    EXPECT_LE(connection_->call("PTTL", "k:list")->integer(), 250);
    std::this_thread::sleep_for(300ms);
    EXPECT_EQ(connection_->call("EXISTS", "k:lock", "k:list")->integer(), 0);
}

TEST_F(MutexTest, IsTakenOverAtOnceWhileItIsWarm) {
    const auto begin = Clock::now();
    for (int time = 0; time < 20; ++time) {
        const Mutex mutex(*connection_, "k", 1s);
    }
    EXPECT_LT(Clock::now() - begin, 5s);
}

TEST_F(MutexTest, SaysWhenItCannotBeHad) {
    StackMutex stack(*connection_, "k", "somebody");
    stack.acquire();
    const auto other = connect();
    const auto begin = Clock::now();
    EXPECT_THROW(Mutex(*other, "k", 0ms), LockedError);
    EXPECT_LT(Clock::now() - begin, 500ms);
    EXPECT_THROW(Mutex(*other, "k", 200ms), LockedError);
    EXPECT_EQ(connection_->call("GET", "k:lock")->text(), "somebody");
}

TEST_F(MutexTest, IsHandedOverByTheStack) {
    StackMutex stack(*connection_, "k", "somebody");
    stack.acquire();
    std::thread holder([&] {
        std::this_thread::sleep_for(200ms);
        stack.release();
    });
    const auto other = connect();
    const auto begin = Clock::now();
    const Mutex mutex(*other, "k", 5s);
    EXPECT_GT(Clock::now() - begin, 150ms);
    EXPECT_LT(Clock::now() - begin, 2s);
    holder.join();
    EXPECT_EQ(connection_->call("GET", "k:lock")->text(), mutex.owner());
}

TEST_F(MutexTest, IsHandedOverToTheStack) {
    auto mutex = std::make_unique<Mutex>(*connection_, "k", 0ms);
    const auto other = connect();
    std::atomic<bool> got = false;
    std::thread stack([&] {
        StackMutex waiting(*other, "k", "somebody");
        waiting.acquire();
        got = true;
    });
    std::this_thread::sleep_for(200ms);
    EXPECT_FALSE(got);
    mutex.reset();
    stack.join();
    EXPECT_EQ(connection_->call("GET", "k:lock")->text(), "somebody");
    EXPECT_GT(connection_->call("PTTL", "k:lock")->integer(), 9000);
}

TEST_F(MutexTest, AHolderThatDiedIsWaitedFor) {
    connection_->call("SET", "k:lock", "dead", "PX", "300");
    const Mutex mutex(*connection_, "k", 5s);
    EXPECT_EQ(connection_->call("GET", "k:lock")->text(), mutex.owner());
}

TEST_F(MutexTest, ALockWithoutExpiryIsFree) {
    connection_->call("SET", "k:lock", "odd");
    const Mutex mutex(*connection_, "k", 0ms);
    EXPECT_EQ(connection_->call("GET", "k:lock")->text(), mutex.owner());
}

TEST_F(MutexTest, OneThatWasLostIsNotReleased) {
    {
        const Mutex mutex(*connection_, "k", 0ms);
        connection_->call("SET", "k:lock", "next", "PX", "10000");
    }
    EXPECT_EQ(connection_->call("GET", "k:lock")->text(), "next");
    EXPECT_EQ(connection_->call("EXISTS", "k:list")->integer(), 0);
}

// Set from outside, as a signal would.
class Flag final : public util::Stop {
  public:
    bool requested() override { return set; }
    [[nodiscard]] int descriptor() const override { return -1; }
    bool set = false;
};

TEST_F(MutexTest, IsReleasedAfterAnEndWasAskedFor) {
    Flag stop;
    redis::Connection interrupted(server_.target(), {.context = "test"}, stop);
    {
        const Mutex mutex(interrupted, "k", 0ms);
        stop.set = true;
    }
    EXPECT_EQ(connection_->call("LLEN", "k:list")->integer(), 1);
    EXPECT_LE(connection_->call("PTTL", "k:lock")->integer(), 250);
}

// Half of them are servers of the stack.
TEST_F(MutexTest, ManyTakeTurns) {
    constexpr int turns = 40;
    constexpr int workers = 8;
    std::atomic<int> holders = 0;
    std::atomic<int> most = 0;
    const auto critical = [&](redis::Connection& connection) {
        most = std::max(most.load(), ++holders);
        const auto count = connection.call("GET", "count");
        connection.call("SET", "count", std::to_string((count->is_nil() ? 0 : count->number()) + 1));
        --holders;
    };
    const auto work = [&](bool stack, int worker) {
        const auto connection = connect();
        for (int turn = 0; turn < turns; ++turn) {
            if (!stack) {
                const Mutex mutex(*connection, "k", 60s);
                critical(*connection);
                continue;
            }
            StackMutex mutex(*connection, "k", std::to_string(worker) + "-" + std::to_string(turn));
            mutex.acquire();
            critical(*connection);
            mutex.release();
        }
    };
    std::vector<std::thread> threads;
    threads.reserve(workers);
    for (int worker = 0; worker < workers; ++worker) {
        threads.emplace_back(work, worker % 2 == 0, worker);
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(most, 1);
    EXPECT_EQ(connection_->call("GET", "count")->number(), turns * workers);
}

TEST(Ulid, HasTheTimeFirst) {
    const std::string first = make_ulid();
    std::this_thread::sleep_for(2ms);
    const std::string second = make_ulid();
    EXPECT_EQ(first.size(), 26U);
    EXPECT_LT(first, second);
    EXPECT_EQ(first.find_first_not_of("0123456789ABCDEFGHJKMNPQRSTVWXYZ"), std::string::npos);
    EXPECT_LE(first.front(), '7');
    EXPECT_NE(first.substr(10), second.substr(10));
}

}  // namespace
}  // namespace tti::lorawan
