#include <gmock/gmock.h>

#include "application_server/inspect.hpp"
#include "support/lorawan_records.hpp"
#include "support/redis_database.hpp"

namespace tti::application_server {
namespace {

using testing::HasSubstr;

const std::string name_space = "ttn:v3:as:";

class Inspect : public testing::Test {
  protected:
    void SetUp() override {
        database.set(name_space + "devices:uid:" + device.uid(),
                     test::application_server_record(device).text());
        database.set(eui_key(), device.uid());
        const auto packages = name_space + "io:applicationpackages:uid:" + device.uid();
        database.connection().call("SADD", packages, "12");
        database.set(packages + ":12", test::package_association(device, 12).text());
        const auto webhooks = name_space + "io:webhooks:uid:" + device.application_id;
        database.connection().call("SADD", webhooks, "hook1");
        database.set(webhooks + ":hook1", test::webhook(device.application_id, "hook1").text());
        database.set(name_space + "links:uid:" + device.application_id, test::application_link().text());
    }
    std::string eui_key() const {
        return name_space + "devices:eui:" + device.dev_eui_text() + ":" + device.join_eui_text();
    }
    test::Outcome inspect(const std::string& subject, std::vector<settings::FlagText> flags = {}) {
        flags.push_back({"subject", subject});
        return database.run(inspect_command(), flags);
    }

    test::RedisDatabase database;
    test::SampleDevice device = test::sample_device(7);
};

TEST_F(Inspect, ShowsADeviceWithItsKeysMasked) {
    const auto outcome = inspect(device.uid());
    ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(outcome.data["record"]["message"]["ids"]["device_id"], device.device_id);
    EXPECT_EQ(outcome.data["index"]["state"], "right");
    EXPECT_EQ(outcome.data["packages"][0]["id"], "12");
    EXPECT_EQ(outcome.data["webhooks_of_application"][0], "hook1");
    const auto shown = inspect(device.uid(), {{"show-keys", "true"}});
    EXPECT_NE(shown.data["record"]["message"]["session"]["keys"],
              outcome.data["record"]["message"]["session"]["keys"]);
}

TEST_F(Inspect, TellsOfAnIndexEntryThatIsWrong) {
    database.set(eui_key(), "app9.dev9");
    EXPECT_EQ(inspect(device.uid()).data["index"]["state"], "it names app9.dev9");
    database.connection().call("DEL", eui_key());
    EXPECT_EQ(inspect(device.uid()).data["index"]["state"], "missing");
}

TEST_F(Inspect, FindsADeviceByItsEuis) {
    for (const auto& subject :
         {device.dev_eui_text(), device.join_eui_text() + ":" + device.dev_eui_text()}) {
        const auto outcome = inspect(subject);
        ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
        EXPECT_EQ(outcome.data["devices"][0]["device"], device.uid());
    }
}

TEST_F(Inspect, ShowsAnApplication) {
    const auto outcome = inspect(device.application_id);
    ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_FALSE(outcome.data["link"].is_null());
    EXPECT_EQ(outcome.data["webhooks"][0]["id"], "hook1");
}

TEST_F(Inspect, SaysWhenNothingIsKnown) {
    for (const auto* subject : {"app9.dev9", "app9", "no such thing", "0000000000000009"}) {
        EXPECT_EQ(inspect(subject).code, ExitCode::usage) << subject;
    }
}

TEST_F(Inspect, ShowsWhyARecordCannotBeRead) {
    database.set(name_space + "devices:uid:" + device.uid(), "%%%");
    const auto outcome = inspect(device.uid());
    ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_THAT(outcome.text, HasSubstr("not base64"));
}

}  // namespace
}  // namespace tti::application_server
