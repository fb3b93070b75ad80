#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "memory/command.hpp"
#include "support/lorawan_records.hpp"
#include "support/redis_database.hpp"

namespace tti::memory {
namespace {

using nlohmann::json;
using test::RedisDatabase;
using testing::HasSubstr;

class MemoryTest : public testing::Test {
  protected:
    template <typename... Words>
    void call(const Words&... words) {
        database_.connection().call(words...);
    }
    json look(const std::vector<settings::FlagText>& flags = {}) {
        const auto before = database_.state();
        auto outcome = database_.must_run(memory_command(), flags);
        EXPECT_EQ(database_.state(), before);
        text_ = outcome.text;
        return outcome.data["databases"];
    }
    static json kind(const json& place, const std::string& pattern) {
        for (const auto& one : place["kinds"]) {
            if (one["pattern"] == pattern) return one;
        }
        return {};
    }
    // A record with its indexes, as the Network Server keeps them.
    void add_device(const test::SampleDevice& device) {
        const std::string base = "ttn:v3:ns:devices:";
        database_.set(base + "uid:" + device.uid(), test::network_server_record(device).text());
        database_.set(base + "eui:" + device.join_eui_text() + ":" + device.dev_eui_text(), device.uid());
        call("ZADD", base + "addr:" + device.dev_addr_text() + ":current", "1", device.uid());
    }

    RedisDatabase database_;
    std::string text_;
};

TEST_F(MemoryTest, FindsNothingInAnEmptyRedis) {
    const auto places = look();
    ASSERT_EQ(places.size(), 1);
    EXPECT_EQ(places[0]["keys"], 0);
    EXPECT_THAT(text_, HasSubstr("no keys"));
}

TEST_F(MemoryTest, CountsDevicesSessionsAndWhatTheirRecordsAreMadeOf) {
    for (std::size_t number = 0; number < 200; ++number) add_device(test::sample_device(number, 50));
    const auto place = look()[0];
    EXPECT_EQ(place["keys"], 600);
    EXPECT_EQ(place["end_devices"], 200);
    EXPECT_EQ(place["sessions"], 200);
    EXPECT_GT(place["bytes"], 200 * 100);
    EXPECT_EQ(place["records"]["read"], 7);  // one of 32
    EXPECT_GT(place["records"]["parts"]["MAC states"], 0);
    EXPECT_EQ(place["applications"].size(), 4);
    EXPECT_EQ(place["applications"][0]["keys"], 50);
    EXPECT_EQ(place["index_entries_without_device"], 0);
    EXPECT_TRUE(place["freed_by"].empty());
}

TEST_F(MemoryTest, FindsWhatBelongsToNothing) {
    const auto device = test::sample_device(1);
    const auto gone = test::sample_device(2);
    add_device(device);
    add_device(gone);
    call("UNLINK", "ttn:v3:ns:devices:uid:" + gone.uid());
    const auto keys_of = [](const auto& one) {
        return "ttn:v3:js:keys:id:" + one.join_eui_text() + ":" + one.dev_eui_text() + ":";
    };
    database_.set("ttn:v3:js:devices:uid:" + device.uid(), test::join_server_record(device).text());
    database_.set("ttn:v3:js:devices:eui:" + device.join_eui_text() + ":" + device.dev_eui_text(),
                  device.uid());
    database_.set(keys_of(device) + "AAAA", "x");
    database_.set(keys_of(gone) + "AAAA", "x");
    database_.set(keys_of(gone) + "AAAB", "x");
    const auto place = look()[0];
    EXPECT_EQ(kind(place, "js:keys:id:{eui}:{eui}:{base64}")["orphans"], 2);
    EXPECT_EQ(kind(place, "ns:devices:eui:{eui}:{eui}")["orphans"], 1);
    EXPECT_FALSE(kind(place, "js:devices:eui:{eui}:{eui}").contains("orphans"));
    EXPECT_EQ(place["index_entries_without_device"], 1);
    EXPECT_EQ(place["freed_by"]["js-db migrate"]["keys"], 2);
    EXPECT_THAT(text_, HasSubstr("ns-db migrate --rebuild-index"));
}

TEST_F(MemoryTest, TellsWhichCommandFreesHowMuch) {
    const std::string uplinks = "ttn:v3:ns:application-uplinks:uplinks";
    call("XGROUP", "CREATE", uplinks, "ns", "0", "MKSTREAM");
    for (int entry = 0; entry < 10; ++entry) call("XADD", uplinks, "*", "uid", "a.b", "payload", "x");
    call("XREADGROUP", "GROUP", "ns", "c", "COUNT", "6", "NOACK", "STREAMS", uplinks, ">");
    call("XREADGROUP", "GROUP", "ns", "c", "COUNT", "1", "STREAMS", uplinks, ">");
    call("RPUSH", "ttn:v3:as:applicationups:uid:app1.dev1", "x");
    call("XADD", "ttn:v3:ns:application-uplinks:uid:app1:uplinks", "*", "payload", "x");
    const auto freed = look()[0]["freed_by"];
    EXPECT_EQ(freed["ns-db prune"]["entries"], 6);
    EXPECT_EQ(freed["as-db purge"]["keys"], 1);
    EXPECT_EQ(freed["ns-db purge"]["keys"], 1);
}

TEST_F(MemoryTest, TellsUnknownKeysAndThoseOfTenants) {
    database_.set("foreign:cache:1", "x");
    database_.set("foreign:cache:2", "x");
    database_.set("ttn:v3:ns:unheard-of", "x");
    database_.set(std::string("\x1b[31m\xff", 6), "x");
    database_.set("ttn:v3:acme:ns:devices:uid:app1.dev1", "x");
    const auto place = look()[0];
    EXPECT_EQ(place["unknown"]["keys"], 4);
    EXPECT_EQ(place["tenants"], json::parse(R"([{"name":"acme","keys":1,"bytes":)" +
                                            place["tenants"][0]["bytes"].dump() + "}]"));
    EXPECT_THAT(text_, HasSubstr("foreign:cache:*"));
    EXPECT_THAT(text_, Not(HasSubstr("\x1b")));
    const auto tenants = look({{"tenant-id", "acme"}})[0];
    EXPECT_EQ(tenants["keys"], 1);
    EXPECT_EQ(tenants["end_devices"], 1);
}

TEST_F(MemoryTest, JudgesByASample) {
    for (std::size_t number = 0; number < 1000; ++number) {
        database_.set("ttn:v3:ns:devices:uid:app1.dev" + std::to_string(1000 + number),
                      std::string(100, 'x'));
    }
    const auto exact = kind(look()[0], "ns:devices:uid:{device}");
    const auto sampled = kind(look({{"sample", "10"}})[0], "ns:devices:uid:{device}");
    EXPECT_EQ(exact["measured"], 1000);
    EXPECT_EQ(sampled["measured"], 100);
    EXPECT_EQ(sampled["keys"], 1000);
    EXPECT_EQ(sampled["bytes"], exact["bytes"]);
}

TEST_F(MemoryTest, LooksAtTheOtherServersToo) {
    test::RedisServer cache;
    util::NeverStop stop;
    redis::Connection connection(cache.target(), {.context = "test"}, stop);
    connection.call("HSET", "ttn:v3:as:metadata:locations:uid:app1.dev1", "_stored_at", "1");
    database_.given.environment["TTN_LW_CACHE_REDIS_ADDRESS"] = cache.socket();
    const auto places = look();
    ASSERT_EQ(places.size(), 2);
    EXPECT_EQ(places[1]["name"], "cache.redis");
    EXPECT_EQ(places[1]["keys"], 1);
    database_.given.environment["TTN_LW_CACHE_REDIS_ADDRESS"] = "";
    EXPECT_EQ(look().size(), 1) << "empty is a copy of redis";
}

TEST_F(MemoryTest, CountsAKeyOfAnotherTypeThanItsName) {
    call("HSET", "ttn:v3:js:keys:ids:0000000000000001:0000000000000002", "a", "b");
    call("RPUSH", "ttn:v3:ns:devices:uid:app1.dev1", "a");
    database_.set("ttn:v3:ns:devices:addr:00000001:current", "a");
    EXPECT_EQ(look()[0]["keys"], 3);
}

}  // namespace
}  // namespace tti::memory
