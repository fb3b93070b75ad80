#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "network_server/inspect.hpp"
#include "network_server/migrate.hpp"
#include "network_server/network.hpp"
#include "network_server/prune.hpp"
#include "network_server/status.hpp"

namespace tti::network_server::test {
namespace {

using testing::HasSubstr;
using testing::Not;

class Look : public testing::Test {
  protected:
    Look() {
        write(database_.connection(), std::nullopt, device_);
        const std::string below = "ttn:v3:ns:application-uplinks:";
        for (const auto& key : {below + "uplinks", below + "uid:app1:uplinks"}) {
            for (const auto* id : {"1-0", "2-0", "3-0"}) {
                database_.connection().call("XADD", key, id, "uid", "app1.dev1", "payload", "x");
            }
            database_.connection().call("XGROUP", "CREATE", key, "ns", "2-0");
        }
        database_.connection().call("ZADD", "ttn:v3:ns:tasks:downlink:waiting", "1710028800000000000",
                                    "app1.dev1");
    }
    Outcome inspect(const std::string& device, bool show_keys = false) {
        std::vector<settings::FlagText> flags{{"device", device}};
        if (show_keys) flags.push_back({"show-keys", "true"});
        return database_.run(inspect_command(), flags);
    }

    RedisDatabase database_;
    const Device device_{
        .uid = "app1.dev1", .dev_eui = 0x70B3D57ED0060001, .address = 0x26000001, .frames = 7};
};

TEST_F(Look, StatusTellsWhatIsDue) {
    const auto before = database_.run(status_command());
    EXPECT_EQ(before.code, ExitCode::due);
    EXPECT_EQ(before.data["end_devices"], 1);
    EXPECT_EQ(before.data["due"]["prune"]["processed entries"], 4);
    EXPECT_THAT(before.text, HasSubstr("next: tti-lw-stack ns-db migrate\n"));
    database_.must_run(migrate_command());
    database_.must_run(prune_command());
    const auto after = database_.run(status_command());
    EXPECT_EQ(after.code, ExitCode::done) << after.text;
    EXPECT_TRUE(after.data["due"]["prune"].empty()) << after.data;
    database_.set("ttn:v3:ns:devices:schema-version", "2");
    EXPECT_EQ(database_.run(status_command()).code, ExitCode::newer_database);
}

TEST_F(Look, InspectShowsADevice) {
    const auto outcome = inspect("app1.dev1");
    ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(outcome.data["record"]["message"]["session"]["last_f_cnt_up"], 7);
    EXPECT_EQ(outcome.data["index"].size(), 2U);
    for (const auto& entry : outcome.data["index"]) EXPECT_EQ(entry["state"], "right") << entry;
    EXPECT_EQ(outcome.data["queued_uplinks"], 3);
    EXPECT_EQ(outcome.data["downlink_tasks"]["waits_until"], "2024-03-10T00:00:00Z");
    EXPECT_THAT(outcome.text, HasSubstr("device: app1.dev1\n"));
}

TEST_F(Look, InspectMasksKeys) {
    const std::string key_in_hex = "2A2A2A2A";
    EXPECT_THAT(inspect("app1.dev1").text, Not(HasSubstr(key_in_hex)));
    const auto shown = inspect("app1.dev1", true).data["record"]["message"]["session"]["keys"];
    EXPECT_THAT(shown["f_nwk_s_int_key"]["key"].get<std::string>(), testing::MatchesRegex("(2[aA])+"));
}

TEST_F(Look, InspectTellsAWrongIndex) {
    database_.connection().call("DEL", key("eui:" + eui_text(*device_.dev_eui)));
    database_.connection().call("ZADD", key("addr:26000001:current"), "9", "app1.dev1");
    const auto index = inspect("app1.dev1").data["index"];
    EXPECT_EQ(index[0]["state"], "wrong");
    EXPECT_EQ(index[1]["state"], "missing");
}

TEST_F(Look, InspectFindsByEuiAndAddress) {
    for (const auto* subject : {"70b3d57ed0060001", "0000000000000001:70B3D57ED0060001", "26000001"}) {
        const auto outcome = inspect(subject);
        ASSERT_EQ(outcome.code, ExitCode::done) << subject << outcome.error;
        EXPECT_EQ(outcome.data["devices"][0]["device"], "app1.dev1") << subject;
    }
    for (const auto* unknown : {"app1.dev9", "26000002", "70B3D57ED0060002"}) {
        EXPECT_EQ(inspect(unknown).code, ExitCode::usage) << unknown;
    }
}

// By the server's own count of commands.
TEST_F(Look, DryRunsAndReadersSendNoWrite) {
    database_.connection().call("DEL", key("eui:" + eui_text(*device_.dev_eui)));
    database_.connection().call("SADD", key("addr:26000002"), "app1.dev1");
    database_.connection().call("CONFIG", "RESETSTAT");
    database_.run(migrate_command(), {{"dry-run", "true"}, {"rebuild-index", "true"}});
    database_.run(prune_command(), {{"dry-run", "true"}, {"include-pending", "true"}});
    database_.run(status_command());
    inspect("app1.dev1");
    const std::string stats(database_.connection().call("INFO", "commandstats")->text());
    EXPECT_THAT(stats, HasSubstr("cmdstat_xinfo"));
    for (const auto* write : {"set:", "del:", "unlink:", "zadd:", "zrem:", "hset:", "hdel:", "xdel:",
                              "xtrim:", "xadd:", "xack:", "evalsha:", "eval:", "xgroup", "srem:", "rename"}) {
        EXPECT_THAT(stats, Not(HasSubstr(std::string("cmdstat_") + write))) << write;
    }
}

}  // namespace
}  // namespace tti::network_server::test
