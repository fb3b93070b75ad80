#include <thread>

#include <gmock/gmock.h>

#include "lorawan/guarded_script.hpp"
#include "lorawan/mutex.hpp"
#include "stack_mutex.hpp"
#include "support/redis_server.hpp"

namespace tti::lorawan {
namespace {

using testing::Each;
using testing::ElementsAre;
using namespace std::chrono_literals;

class ReplaceGuarded : public testing::Test {
  protected:
    std::string get(const std::string& key) {
        const auto value = connection_.call("GET", key);
        return value->is_nil() ? "nothing" : std::string(value->text());
    }

    test::RedisServer server_;
    util::NeverStop stop_;
    redis::Connection connection_{server_.target(), {.context = "test"}, stop_};
};

TEST_F(ReplaceGuarded, WritesWhatIsStillAsItWasRead) {
    connection_.call("MSET", "a", "1", "b", "2");
    connection_.call("RPUSH", "list", "x");
    const std::vector<Replacement> items{
        {"a", "1", "one"}, {"b", "1", "two"}, {"c", "3", "three"}, {"list", "x", "y"}};
    EXPECT_THAT(replace_guarded(connection_, items),
                ElementsAre(Guarded::done, Guarded::changed, Guarded::changed, Guarded::changed));
    EXPECT_EQ(get("a"), "one");
    EXPECT_EQ(get("b"), "2");
    EXPECT_EQ(get("c"), "nothing");
    EXPECT_EQ(connection_.call("DBSIZE")->integer(), 3);
}

// As with the stack's own writes; none of its records has an expiry.
TEST_F(ReplaceGuarded, TakesAnExpiryAway) {
    connection_.call("SET", "a", "1", "EX", "1000");
    const std::vector<Replacement> items{{"a", "1", "one"}};
    EXPECT_THAT(replace_guarded(connection_, items), ElementsAre(Guarded::done));
    EXPECT_EQ(connection_.call("TTL", "a")->integer(), -1);
}

TEST_F(ReplaceGuarded, MayBeRepeated) {
    connection_.call("SET", "a", "1");
    const std::vector<Replacement> items{{"a", "1", "one"}};
    EXPECT_THAT(replace_guarded(connection_, items), ElementsAre(Guarded::done));
    EXPECT_THAT(replace_guarded(connection_, items), ElementsAre(Guarded::done));
}

TEST_F(ReplaceGuarded, LeavesAloneWhatAServerHolds) {
    connection_.call("MSET", "a", "1", "b", "1");
    StackMutex stack(connection_, "a", "somebody");
    stack.acquire();
    const std::vector<Replacement> items{{"a", "1", "2"}, {"b", "1", "2"}};
    EXPECT_THAT(replace_guarded(connection_, items), ElementsAre(Guarded::busy, Guarded::done));
    EXPECT_EQ(get("a"), "1");
    stack.release();
    EXPECT_THAT(replace_guarded(connection_, items), ElementsAre(Guarded::done, Guarded::done));
    EXPECT_EQ(get("a"), "2");
}

TEST_F(ReplaceGuarded, ALockWithoutExpiryIsNobodys) {
    connection_.call("MSET", "a", "1", "a:lock", "odd");
    const std::vector<Replacement> items{{"a", "1", "2"}};
    EXPECT_THAT(replace_guarded(connection_, items), ElementsAre(Guarded::done));
}

TEST_F(ReplaceGuarded, TheHolderItselfMayWrite) {
    connection_.call("SET", "a", "1");
    const std::vector<Replacement> items{{"a", "1", "2"}};
    const Mutex mutex(connection_, "a", 0ms);
    EXPECT_THAT(replace_guarded(connection_, items), ElementsAre(Guarded::busy));
    EXPECT_THAT(replace_guarded(connection_, items, "another"), ElementsAre(Guarded::busy));
    EXPECT_THAT(replace_guarded(connection_, items, mutex.owner()), ElementsAre(Guarded::done));
}

TEST_F(ReplaceGuarded, ManyAndLargeOnesAtOnce) {
    std::vector<Replacement> items;
    for (int number = 0; number < 1000; ++number) {
        const std::string key = std::to_string(number);
        const std::string value(number % 100 == 0 ? 300000U : 500U, 'x');
        connection_.call("SET", key, value);
        items.push_back({key, number % 7 == 0 ? "other" : value, value + "y"});
    }
    const auto outcomes = replace_guarded(connection_, items);
    ASSERT_EQ(outcomes.size(), items.size());
    for (std::size_t number = 0; number < items.size(); ++number) {
        EXPECT_EQ(outcomes[number], number % 7 == 0 ? Guarded::changed : Guarded::done) << number;
        EXPECT_EQ(get(items[number].key).back(), number % 7 == 0 ? 'x' : 'y') << number;
    }
    EXPECT_TRUE(replace_guarded(connection_, {}).empty());
}

// How often each of the two wrote, in the value itself.
std::pair<int, int> counts(const std::string& value) {
    const auto slash = value.find('/');
    return {std::stoi(value.substr(0, slash)), std::stoi(value.substr(slash + 1))};
}
std::string counted(std::pair<int, int> counts) {
    return std::to_string(counts.first) + "/" + std::to_string(counts.second);
}

TEST_F(ReplaceGuarded, NothingIsLostBesideTheStack) {
    connection_.call("SET", "k", "0/0");
    std::thread stack([&] {
        redis::Connection connection(server_.target(), {.context = "stack"}, stop_);
        for (int turn = 0; turn < 200; ++turn) {
            StackMutex mutex(connection, "k", std::to_string(turn));
            mutex.acquire();
            auto count = counts(std::string(connection.call("GET", "k")->text()));
            ++count.first;
            connection.call("SET", "k", counted(count));
            mutex.release();
        }
    });
    for (int written = 0; written < 200;) {
        const std::string value = get("k");
        auto count = counts(value);
        ++count.second;
        const std::vector<Replacement> items{{"k", value, counted(count)}};
        if (replace_guarded(connection_, items).front() == Guarded::done) ++written;
    }
    stack.join();
    EXPECT_EQ(get("k"), "200/200");
}

TEST_F(ReplaceGuarded, OtherScriptsUseTheSameGuard) {
    const auto script = guarded_script("if held(KEYS[1], ARGV[1]) then return 'held' end return 'free'");
    connection_.use(script);
    const auto ask = [&](std::string_view owner) {
        const std::vector<std::string_view> keys{"k"};
        const std::vector<std::string_view> arguments{owner};
        redis::Commands command;
        script.add_to(command, keys, arguments);
        return std::string(connection_.single(command)->text());
    };
    EXPECT_EQ(ask(""), "free");
    StackMutex stack(connection_, "k", "somebody");
    stack.acquire();
    EXPECT_EQ(ask("me"), "held");
    EXPECT_EQ(ask("somebody"), "free");
    stack.release();
    EXPECT_EQ(ask("me"), "free");
}

}  // namespace
}  // namespace tti::lorawan
