#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "network_server/network.hpp"
#include "network_server/prune.hpp"

namespace tti::network_server::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Prune : public testing::Test {
  protected:
    // Entries 1-0, 2-0, … with a group that has read the first `delivered` and acknowledged all but
    // `pending`.
    void fill(const std::string& key, int entries, int delivered,
              const std::vector<std::string>& pending = {}, const std::string& group = "ns",
              const std::string& consumer = "host:1:0") {
        if (call("EXISTS", key)->integer() == 0) {
            for (int id = 1; id <= entries; ++id) {
                call("XADD", key, std::to_string(id) + "-0", "uid", "app1.dev1", "payload", "x");
            }
        }
        call("XGROUP", "CREATE", key, group, "0");
        if (delivered > 0) {
            call("XREADGROUP", "GROUP", group, consumer, "COUNT", std::to_string(delivered), "STREAMS", key,
                 ">");
        }
        for (int id = 1; id <= delivered; ++id) {
            const auto text = std::to_string(id) + "-0";
            if (std::ranges::find(pending, text) == pending.end()) call("XACK", key, group, text);
        }
    }
    template <typename... Words>
    redis::Reply call(const Words&... words) {
        return database_.connection().call(words...);
    }
    std::vector<std::string> ids(const std::string& key) {
        const auto reply = call("XRANGE", key, "-", "+");
        std::vector<std::string> result;
        for (std::size_t index = 0; index < reply->size(); ++index) {
            result.emplace_back(reply.view()[index][0].text());
        }
        return result;
    }
    std::int64_t pending(const std::string& key) { return call("XPENDING", key, "ns").view()[0].integer(); }
    std::int64_t consumers(const std::string& key) {
        return static_cast<std::int64_t>(call("XINFO", "CONSUMERS", key, "ns")->size());
    }
    Outcome prune(std::vector<settings::FlagText> flags = {}) {
        return database_.run(prune_command(), flags);
    }
    std::int64_t pruned(const Outcome& outcome, const char* what) {
        return outcome.data["pruned"].value(what, 0);
    }
    std::int64_t planned(const Outcome& outcome, const char* what) {
        std::int64_t sum = 0;
        for (const auto& step : outcome.plan.steps) {
            for (const auto& amount : step.touches) {
                if (amount.what == what) sum += amount.number;
            }
        }
        return sum;
    }

    RedisDatabase database_;
    const std::string legacy_ = below + std::string("uid:app1:uplinks");
    const std::string uplinks_ = below + std::string("uplinks");
    const std::string input_ = "ttn:v3:ns:tasks:downlink:input";
    const std::string ready_ = "ttn:v3:ns:tasks:downlink:ready";
    const std::string waiting_ = "ttn:v3:ns:tasks:downlink:waiting";
};

TEST_F(Prune, HasNothingToDoInAnEmptyDatabase) {
    const auto outcome = prune();
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_THAT(outcome.plan.steps, IsEmpty());
    EXPECT_THAT(outcome.text, HasSubstr("nothing to do"));
}

TEST_F(Prune, KeepsWhatIsPendingOrNotDelivered) {
    fill(legacy_, 8, 6, {"3-0", "5-0"});
    const auto dry = prune({{"dry-run", "true"}});
    EXPECT_EQ(planned(dry, pruned::entries), 4);
    EXPECT_EQ(ids(legacy_).size(), 8U);
    const auto outcome = prune();
    EXPECT_EQ(pruned(outcome, pruned::entries), 4);
    EXPECT_THAT(ids(legacy_), ElementsAre("3-0", "5-0", "7-0", "8-0"));
    EXPECT_EQ(pending(legacy_), 2);
    EXPECT_THAT(prune().plan.steps, IsEmpty());
}

TEST_F(Prune, IncludesPendingOnRequest) {
    fill(legacy_, 8, 6, {"3-0", "5-0"});
    const auto outcome = prune({{"include-pending", "true"}});
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_THAT(ids(legacy_), ElementsAre("7-0", "8-0"));
    EXPECT_EQ(pending(legacy_), 0);
    EXPECT_EQ(pruned(outcome, pruned::pending), 2);
}

TEST_F(Prune, RemovesEmptiedStreams) {
    fill(legacy_, 3, 3);
    const auto pending_key = below + std::string("uid:app2:uplinks");
    fill(pending_key, 3, 3, {"2-0"});
    const auto outcome = prune();
    EXPECT_FALSE(database_.exists(legacy_));
    EXPECT_THAT(ids(pending_key), ElementsAre("2-0"));
    EXPECT_EQ(pruned(outcome, pruned::streams), 1);
}

TEST_F(Prune, KeepsWhatAnotherGroupHasNotRead) {
    fill(legacy_, 6, 6);
    fill(legacy_, 6, 2, {}, "debug");
    const auto outcome = prune();
    EXPECT_THAT(ids(legacy_), ElementsAre("3-0", "4-0", "5-0", "6-0"));
    EXPECT_THAT(outcome.plan.notes, Contains(HasSubstr("debug")));
}

TEST_F(Prune, LeavesStreamsWithoutTheStacksGroupAlone) {
    fill(legacy_, 3, 3, {}, "debug");
    call("XADD", below + std::string("uid:app2:uplinks"), "1-0", "payload", "x");
    EXPECT_THAT(prune().plan.steps, IsEmpty());
    EXPECT_EQ(ids(legacy_).size(), 3U);
}

TEST_F(Prune, ListsAWrongTypeAndPrunesTheOthers) {
    fill(legacy_, 3, 3);
    database_.set(below + std::string("uid:app0:uplinks"), "no stream");
    const auto outcome = prune();
    EXPECT_EQ(outcome.code, ExitCode::partly_failed);
    EXPECT_THAT(outcome.error, HasSubstr("uid:app0:uplinks"));
    EXPECT_FALSE(database_.exists(legacy_));
    EXPECT_TRUE(database_.exists(below + std::string("uid:app0:uplinks")));
}

TEST_F(Prune, AcknowledgesWhatIsGone) {
    fill(legacy_, 6, 4, {"2-0", "4-0"});
    call("XDEL", legacy_, "2-0");
    const auto outcome = prune();
    EXPECT_EQ(pruned(outcome, pruned::dangling), 1);
    EXPECT_EQ(pending(legacy_), 1);
    EXPECT_THAT(ids(legacy_), ElementsAre("4-0", "5-0", "6-0"));
}

// Streams of a Redis that cannot say how much of them is delivered: a group that began in the middle.
class UncountedStreams : public Prune {
  protected:
    static std::string key(int stream) { return below + ("uid:app" + std::to_string(stream) + ":uplinks"); }
    void fill_uncounted(int streams, int entries, int delivered) {
        for (int stream = 0; stream < streams; ++stream) {
            redis::Commands commands;
            for (int id = 1; id <= entries; ++id)
                commands.add("XADD", key(stream), std::to_string(id) + "-0", "payload", "x");
            commands.add("XGROUP", "CREATE", key(stream), "ns", std::to_string(delivered) + "-0");
            database_.connection().pipeline(commands);
        }
    }
};

TEST_F(UncountedStreams, ArePrunedAll) {
    fill_uncounted(3, 25'000, 24'990);
    EXPECT_EQ(pruned(prune(), pruned::entries), 3 * 24'990);
    EXPECT_EQ(ids(key(1)).front(), "24991-0");
    EXPECT_THAT(prune().plan.steps, IsEmpty());
}

TEST_F(UncountedStreams, AreCountedByADryRunAndJudgedByARun) {
    fill_uncounted(3, 1'000, 900);
    EXPECT_EQ(planned(prune({{"dry-run", "true"}}), pruned::entries), 3 * 900);
    const auto outcome = prune();
    EXPECT_EQ(planned(outcome, pruned::entries), 0);
    EXPECT_EQ(planned(outcome, "processed entries at most"), 3 * 1'000);
    EXPECT_EQ(planned(outcome, pruned::streams), 0);
    EXPECT_EQ(pruned(outcome, pruned::entries), 3 * 900);
}

TEST_F(UncountedStreams, OfWhichOnlyPendingEntriesAreLeftNeedNothing) {
    fill_uncounted(1, 20, 4);
    call("XREADGROUP", "GROUP", "ns", "host:1:0", "COUNT", "6", "STREAMS", key(0), ">");
    EXPECT_EQ(planned(prune(), pruned::entries), 4);
    EXPECT_EQ(ids(key(0)).size(), 16U);
    EXPECT_THAT(prune().plan.steps, IsEmpty());
}

TEST_F(Prune, KeepsAPaceAndEndsTheSame) {
    fill(legacy_, 300, 290, {"150-0"});
    const auto outcome = prune({{"rate", "100000"}});
    EXPECT_EQ(pruned(outcome, pruned::entries), 289);
    EXPECT_EQ(call("XLEN", legacy_)->integer(), 11);
}

TEST_F(Prune, RemovesDeadConsumersOnly) {
    fill(legacy_, 4, 2, {"1-0"});
    call("XREADGROUP", "GROUP", "ns", "host:2:0", "COUNT", "1", "STREAMS", legacy_, ">");
    call("XACK", legacy_, "ns", "3-0");
    EXPECT_EQ(pruned(prune(), pruned::consumers), 0);
    EXPECT_EQ(consumers(legacy_), 2);
    const auto outcome = prune({{"dead-after", "0s"}});
    EXPECT_EQ(pruned(outcome, pruned::consumers), 1);
    EXPECT_EQ(consumers(legacy_), 1);
    EXPECT_EQ(pending(legacy_), 1);
}

TEST_F(Prune, RemovesProcessedUplinksOfToday) {
    fill(uplinks_, 6, 4, {"2-0", "3-0"});
    const auto outcome = prune({{"include-pending", "true"}});
    EXPECT_EQ(pruned(outcome, pruned::entries), 2);
    EXPECT_THAT(ids(uplinks_), ElementsAre("2-0", "3-0", "5-0", "6-0"));
    EXPECT_EQ(pending(uplinks_), 2);
}

TEST_F(Prune, LeavesTodaysQueueAloneWithAnotherGroup) {
    fill(uplinks_, 3, 3);
    fill(uplinks_, 3, 3, {}, "debug");
    EXPECT_EQ(prune().plan.steps.size(), 0U);
    EXPECT_EQ(ids(uplinks_).size(), 3U);
}

TEST_F(Prune, RemovesProcessedTasksAndKeepsPendingOnes) {
    fill(input_, 5, 4, {"4-0"});
    prune();
    EXPECT_THAT(ids(input_), ElementsAre("4-0", "5-0"));
    EXPECT_EQ(pending(input_), 1);
}

class LostTasks : public Prune {
  protected:
    LostTasks() {
        call("XGROUP", "CREATE", input_, "ns", "$", "MKSTREAM");
        call("XGROUP", "CREATE", ready_, "ns", "$", "MKSTREAM");
        for (const auto* uid : {"app1.dev1", "app1.dev2", "app1.dev3"}) {
            database_.set(key(std::string("uid:") + uid), record_of({.uid = uid}));
        }
    }
    void add(const std::string& uid, const std::string& start_at) {
        call("XADD", ready_, "*", "payload", uid, "start_at", start_at);
    }
    void deliver(const std::string& consumer) {
        call("XREADGROUP", "GROUP", "ns", consumer, "STREAMS", ready_, ">");
    }
    // Payload and start of each task that waits to be dispatched.
    std::vector<std::string> queued() {
        const auto reply = call("XRANGE", input_, "-", "+");
        std::vector<std::string> result;
        for (std::size_t index = 0; index < reply->size(); ++index) {
            const auto fields = reply.view()[index][1];
            EXPECT_EQ(fields[0].text(), "start_at");
            EXPECT_EQ(fields[2].text(), "payload");
            result.push_back(std::string(fields[3].text()) + " " + std::string(fields[1].text()));
        }
        return result;
    }
};

TEST_F(LostTasks, AreQueuedAgainWhenTheirConsumerIsGone) {
    add("app1.dev1", "1.7100288e+18");
    add("app1.dev2", "1710028800000000001");
    deliver("host:1:0");
    add("app1.dev3", "1710028800000000000");
    call("XGROUP", "DELCONSUMER", ready_, "ns", "host:1:0");
    EXPECT_EQ(planned(prune({{"dry-run", "true"}}), pruned::queued), 2);
    const auto outcome = prune();
    EXPECT_EQ(pruned(outcome, pruned::queued), 2) << outcome.error;
    EXPECT_THAT(queued(), ElementsAre("app1.dev1 1710028800000000000", "app1.dev2 1710028800000000001"));
    EXPECT_EQ(call("XLEN", ready_)->integer(), 1);
    EXPECT_THAT(prune().plan.steps, IsEmpty());
}

TEST_F(LostTasks, AreQueuedAgainWhenPendingForLong) {
    add("app1.dev1", "1.7100288e+18");
    add("app1.dev2", "1.7100288e+18");
    deliver("host:1:0");
    const auto first = ids(ready_).front();
    call("XCLAIM", ready_, "ns", "host:1:0", "0", first, "IDLE", "700000", "JUSTID");
    const auto outcome = prune();
    EXPECT_EQ(planned(outcome, pruned::queued), 1);
    EXPECT_EQ(pruned(outcome, pruned::queued), 1);
    EXPECT_THAT(queued(), ElementsAre(HasSubstr("app1.dev1")));
    EXPECT_EQ(pending(ready_), 1);
}

TEST_F(LostTasks, AreDroppedWithoutARecordOrWhenTheDeviceWaitsAnyway) {
    call("ZADD", waiting_, "1.7e18", "app1.dev2");
    add("app1.gone", "1.7100288e+18");
    add("app1.dev2", "1.7100288e+18");
    call("XADD", ready_, "*", "nonsense", "x");
    deliver("host:1:0");
    call("XGROUP", "DELCONSUMER", ready_, "ns", "host:1:0");
    const auto outcome = prune();
    EXPECT_EQ(planned(outcome, pruned::obsolete), 3);
    EXPECT_EQ(pruned(outcome, pruned::obsolete), 3);
    EXPECT_THAT(queued(), IsEmpty());
    EXPECT_EQ(call("XLEN", ready_)->integer(), 0);
}

TEST_F(LostTasks, GetAStartThatTheDispatcherCanRead) {
    for (const auto* start : {"", "soon", "-1", "1e40", "nan"}) add("app1.dev1", start);
    deliver("host:1:0");
    call("XGROUP", "DELCONSUMER", ready_, "ns", "host:1:0");
    EXPECT_EQ(pruned(prune(), pruned::queued), 5);
    for (const auto& task : queued()) EXPECT_THAT(task, testing::MatchesRegex("app1.dev1 1[0-9]{18}"));
}

TEST_F(LostTasks, StayWhereTheStackDoesNotListen) {
    call("DEL", input_);
    add("app1.dev1", "1.7100288e+18");
    deliver("host:1:0");
    call("XGROUP", "DELCONSUMER", ready_, "ns", "host:1:0");
    EXPECT_THAT(prune().plan.steps, IsEmpty());
    EXPECT_EQ(call("XLEN", ready_)->integer(), 1);
}

}  // namespace
}  // namespace tti::network_server::test
