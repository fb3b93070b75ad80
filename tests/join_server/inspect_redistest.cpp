#include <gmock/gmock.h>

#include "join_server/inspect.hpp"
#include "join_server/session_key_fixture.hpp"

namespace tti::join_server::test {
namespace {

class Inspect : public SessionKeyTest {
  protected:
    tti::test::Outcome inspect(const std::string& device, std::vector<settings::FlagText> flags = {}) {
        flags.push_back({"device", device});
        return database.run(inspect_command(), flags);
    }
};

TEST_F(Inspect, ShowsADeviceAndItsSessionKeys) {
    const auto sample = tti::test::sample_device(5);
    add_device(5);
    for (std::size_t number = 0; number < 3; ++number) {
        database.set(session_key(euis(5), id_of(5, number)),
                     tti::test::session_keys("0123456789abcdef", "fedcba9876543210").text());
    }
    database.connection().call("RPUSH", list_key(euis(5)), id_of(5, 1), id_of(5, 2), id_of(5, 9));
    database.set(prefix + "application-activation-settings:uid:" + sample.application_id,
                 tti::test::activation_settings().text());
    const auto outcome = inspect(sample.uid());
    ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(outcome.data["record"]["message"]["ids"]["device_id"], sample.device_id);
    EXPECT_EQ(outcome.data["index"][0]["state"], "right");
    const auto& keys = outcome.data["session_keys"];
    ASSERT_EQ(keys.size(), 4U);
    EXPECT_EQ(keys[0]["id"], id_of(5, 0));
    EXPECT_EQ(keys[0]["listed"], false);
    EXPECT_EQ(keys[1]["listed"], true);
    EXPECT_EQ(keys[1]["made_at"], "2020-09-13T12:26:41Z");
    EXPECT_TRUE(keys[3]["record"].is_null()) << "it is listed without a key";
    EXPECT_FALSE(outcome.data["activation_settings_of_application"].is_null());
    const auto shown = inspect(sample.uid(), {{"show-keys", "true"}});
    EXPECT_NE(shown.data["session_keys"][0]["record"], keys[0]["record"]);
}

TEST_F(Inspect, FindsWhatIsLeftOfADeviceByItsEuis) {
    add_keys(6, 2);
    const auto outcome = inspect(euis(6));
    ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(outcome.data["session_keys"].size(), 2U);
    add_device(6);
    EXPECT_EQ(inspect(tti::test::sample_device(6).dev_eui_text()).data["devices"].size(), 1U);
}

TEST_F(Inspect, SaysWhenNothingIsKnown) {
    for (const auto* device : {"app9.dev9", "26000001", "app9", "0000000000000009"}) {
        EXPECT_EQ(inspect(device).code, ExitCode::usage) << device;
    }
}

}  // namespace
}  // namespace tti::join_server::test
