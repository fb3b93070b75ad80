#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stale_records/redis_fixture.hpp"

namespace tti::stale_records::test {
namespace {

using lorawan::KeyKind;
using testing::Contains;
using testing::HasSubstr;

TEST(Cleanup, LeavesWhatAnUndisturbedDeploymentOfKnownDevicesHas) {
    Deployment stale;
    const auto devices = sample_devices(0, 10);
    auto gone = devices[3];
    for (const auto& device : devices) {
        if (device.uid() != gone.uid()) stale.add(device);
    }
    stale.add_application("app-0");
    const auto wanted = stale.redis.state();
    // A relay with two sessions, whose address another device has, too.
    gone.pending_dev_addr = devices[4].dev_addr;
    gone.served_devices = {"served1", "served2"};
    stale.add(gone);
    stale.add_application("app-9");
    stale.redis.connection().call("ZADD", stale.key(KeyKind::ns_downlink_waiting), "5", gone.uid());
    stale.redis.connection().call("HSET", stale.key(KeyKind::as_location, {gone.uid()}), "_stored_at", "1");
    for (const auto& owner : {gone.uid(), devices[4].uid()}) {
        stale.redis.connection().call("XADD", stale.key(KeyKind::ns_uplinks),
                                      owner == gone.uid() ? "1-1" : "2-1", "uid", owner, "payload", "");
    }
    auto known = devices;
    known.erase(known.begin() + 3);
    stale.known(known, {"app-0"});

    const auto ns = stale.redis.must_run(ns_cleanup(), freely());
    EXPECT_EQ(ns.data["removed"], (nlohmann::json{{"end devices", 1}, {"queued uplinks", 1}})) << ns.data;
    const auto as = stale.redis.must_run(as_cleanup(), freely());
    EXPECT_EQ(as.data["removed"]["end devices"], 1);
    EXPECT_EQ(as.data["removed"]["webhooks"], 1);
    EXPECT_EQ(as.data["removed"]["application package associations"], 2);
    const auto js = stale.redis.must_run(js_cleanup(), freely());
    EXPECT_EQ(js.data["removed"]["session keys"], 2);
    EXPECT_EQ(js.data["removed"]["application activation settings"], 1);
    auto state = stale.redis.state();
    EXPECT_EQ(stale.redis.connection().call("XLEN", stale.key(KeyKind::ns_uplinks))->integer(), 1);
    state.erase(stale.key(KeyKind::ns_uplinks));
    EXPECT_EQ(state, wanted);

    for (const auto& command : {ns_cleanup(), as_cleanup(), js_cleanup()}) {
        EXPECT_THAT(stale.redis.must_run(command, freely()).text, HasSubstr("nothing to do"));
    }
}

TEST(Cleanup, HasNothingToDoOnAnEmptyRedis) {
    Deployment deployment;
    deployment.redis.given.environment.clear();
    for (const auto& command : {ns_cleanup(), as_cleanup(), js_cleanup()}) {
        EXPECT_THAT(deployment.redis.must_run(command).text, HasSubstr("nothing to do"));
    }
}

TEST(Cleanup, NamesBothSettingsWhereThereIsNobodyToAsk) {
    Deployment deployment;
    deployment.add(tti::test::sample_device(1));
    deployment.redis.given.environment.clear();
    const auto outcome = deployment.redis.run(ns_cleanup(), freely());
    EXPECT_EQ(outcome.code, ExitCode::usage);
    EXPECT_THAT(outcome.error + outcome.hint, HasSubstr("is.database-uri"));
    EXPECT_THAT(outcome.error + outcome.hint, HasSubstr("cluster.identity-server"));
}

TEST(Cleanup, NeverFollowsFromAnEmptyAnswer) {
    Deployment deployment;
    for (const auto& device : sample_devices(0, 5)) deployment.add(device);
    deployment.add_application("app-0");
    deployment.known({}, {"app-0"});
    const auto before = deployment.redis.state();
    for (const auto& command : {ns_cleanup(), as_cleanup(), js_cleanup()}) {
        const auto outcome = deployment.redis.run(command, freely());
        EXPECT_EQ(outcome.code, ExitCode::refused);
        EXPECT_THAT(outcome.error, HasSubstr("knows no end device at all"));
    }
    deployment.known(sample_devices(0, 5), {});
    EXPECT_THAT(deployment.redis.run(as_cleanup(), freely()).error, HasSubstr("knows no application at all"));
    EXPECT_EQ(deployment.redis.state(), before);
}

TEST(Cleanup, IsRefusedAfterAShortAnswer) {
    Deployment deployment;
    const auto devices = sample_devices(0, 5);
    for (const auto& device : devices) deployment.add(device);
    const auto before = deployment.redis.state();
    for (const auto* option : {"option total 1\n", "option lose 3\n", "option total none\n"}) {
        deployment.known(devices, {"app-0"}, option);
        EXPECT_EQ(deployment.redis.run(ns_cleanup(), freely()).code, ExitCode::refused) << option;
    }
    EXPECT_EQ(deployment.redis.state(), before);
}

TEST(Cleanup, StopsAtItsLimitWhichIsFivePercent) {
    Deployment deployment;
    const auto devices = sample_devices(0, 100);
    for (const auto& device : devices) deployment.add_to_network_server(device);
    deployment.known(sample_devices(0, 94), {});
    const auto outcome = deployment.redis.run(ns_cleanup(), {{"yes", "true"}, {"no-undo", "true"}});
    EXPECT_EQ(outcome.code, ExitCode::refused);
    EXPECT_THAT(outcome.error, HasSubstr("6 of 100 end devices would go, and --max-delete allows 5%"));
    EXPECT_THAT(outcome.hint, HasSubstr("--max-delete=6"));
    deployment.known(sample_devices(0, 95), {});
    deployment.redis.must_run(ns_cleanup(), {{"yes", "true"}, {"no-undo", "true"}});
    EXPECT_EQ(deployment.redis.run(ns_cleanup(), freely({{"max-delete", "x"}})).code, ExitCode::usage);
}

TEST(Cleanup, ListsInADryRunWhatWouldGo) {
    Deployment deployment;
    for (const auto& device : sample_devices(0, 30)) deployment.add_to_network_server(device);
    deployment.known(sample_devices(0, 3), {});
    const auto before = deployment.redis.state();
    const auto outcome = deployment.redis.run(
        ns_cleanup(), {{"dry-run", "true"}, {"no-undo", "true"}, {"max-delete", "100%"}});
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(outcome.plan.notes.size(), 27U);
    EXPECT_THAT(outcome.plan.notes, Contains("end devices: app-0.dev17"));
    EXPECT_TRUE(std::ranges::is_sorted(outcome.plan.notes));
    EXPECT_EQ(deployment.redis.state(), before);
}

TEST(Cleanup, AsksBeforeItRemoves) {
    Deployment deployment;
    for (const auto& device : sample_devices(0, 2)) deployment.add_to_network_server(device);
    deployment.known(sample_devices(0, 1), {});
    EXPECT_EQ(deployment.redis.run(ns_cleanup(), {{"no-undo", "true"}, {"max-delete", "1"}}).code,
              ExitCode::refused);
    deployment.redis.given.answer = true;
    deployment.redis.must_run(ns_cleanup(), {{"no-undo", "true"}, {"max-delete", "1"}});
}

TEST(Cleanup, KeepsWhatIsKnownAtTheSecondLook) {
    Deployment deployment;
    for (const auto& device : sample_devices(0, 3)) deployment.add(device);
    deployment.known(sample_devices(0, 2), {"app-0"}, "appear app-0 dev2\n");
    const auto before = deployment.redis.state();
    for (const auto& command : {ns_cleanup(), as_cleanup(), js_cleanup()}) {
        const auto outcome = deployment.redis.must_run(command, freely());
        EXPECT_EQ(outcome.data["kept"], 1);
        EXPECT_EQ(deployment.redis.state(), before);
    }
}

TEST(Cleanup, LeavesIndexEntriesOfALiveDevice) {
    Deployment deployment;
    auto live = tti::test::sample_device(1);
    auto stale = live;
    stale.device_id = "old";
    deployment.add(stale);
    deployment.add(live);
    deployment.known({live}, {"app-0"});
    deployment.redis.must_run(ns_cleanup(), freely());
    deployment.redis.must_run(as_cleanup(), freely());
    deployment.redis.must_run(js_cleanup(), freely());
    const auto join_eui = live.join_eui_text();
    const auto dev_eui = live.dev_eui_text();
    EXPECT_EQ(deployment.redis.get(deployment.key(KeyKind::ns_eui, {join_eui, dev_eui})), live.uid());
    EXPECT_EQ(deployment.redis.get(deployment.key(KeyKind::as_eui, {dev_eui, join_eui})), live.uid());
    EXPECT_EQ(deployment.redis.get(deployment.key(KeyKind::js_eui, {join_eui, dev_eui})), live.uid());
    EXPECT_TRUE(deployment.redis.exists(deployment.key(KeyKind::js_session_key_ids, {join_eui, dev_eui})));
    const auto fields = deployment.key(KeyKind::ns_current_fields, {live.dev_addr_text()});
    EXPECT_EQ(deployment.redis.connection().call("HLEN", fields)->integer(), 1);
    EXPECT_FALSE(deployment.redis.exists(deployment.key(KeyKind::ns_device, {stale.uid()})));
}

TEST(Cleanup, RemovesWhatTheReferenceLeavesBehind) {
    Deployment deployment;
    const auto devices = sample_devices(0, 2);
    const auto& orphan = devices[1];
    for (const auto& device : devices) deployment.add(device);
    deployment.known({devices[0]}, {"app-0"});
    for (const auto kind : {KeyKind::ns_device, KeyKind::as_device, KeyKind::js_device}) {
        deployment.redis.connection().call("DEL", deployment.key(kind, {orphan.uid()}));
    }
    const auto ns = deployment.redis.must_run(ns_cleanup(), freely());
    EXPECT_EQ(ns.data["removed"].size(), 1U) << ns.data;
    EXPECT_EQ(deployment.redis.must_run(as_cleanup(), freely()).data["removed"].size(), 1U);
    const auto js = deployment.redis.must_run(js_cleanup(), freely());
    EXPECT_EQ(js.data["removed"]["session keys"], 2) << js.data;
    for (const auto& [key, value] : deployment.redis.state()) {
        EXPECT_THAT(key, testing::Not(HasSubstr(orphan.dev_eui_text())));
    }
    const auto kept =
        deployment.key(KeyKind::js_session_key_ids, {devices[0].join_eui_text(), devices[0].dev_eui_text()});
    EXPECT_TRUE(deployment.redis.exists(kept));
}

TEST(Cleanup, RemovesARecordThatCannotBeDecoded) {
    Deployment deployment;
    deployment.add(tti::test::sample_device(0));
    deployment.known({tti::test::sample_device(0)}, {"app-0"});
    const auto key = deployment.key(KeyKind::ns_device, {"app-0.broken"});
    deployment.redis.set(key, "!!");
    const auto outcome = deployment.redis.must_run(ns_cleanup(), freely());
    EXPECT_FALSE(deployment.redis.exists(key));
    EXPECT_THAT(outcome.logs, Contains(HasSubstr("cannot be decoded")));
}

TEST(Cleanup, CountsApplicationsThatCanBeRestoredAsKnown) {
    Deployment deployment;
    deployment.add_application("app-0");
    deployment.add_application("app-1");
    const auto before = deployment.redis.state();
    deployment.known({}, {"app-0"}, "deleted-application app-1\ndevice app-0 dev1\ndevice app-1 dev1\n");
    EXPECT_THAT(deployment.redis.must_run(as_cleanup(), freely()).text, HasSubstr("nothing to do"));
    EXPECT_THAT(deployment.redis.must_run(js_cleanup(), freely()).text, HasSubstr("nothing to do"));
    EXPECT_EQ(deployment.redis.state(), before);
}

TEST(Cleanup, LeavesWebhooksAloneWhereThereIsNoTarget) {
    Deployment deployment;
    deployment.add_application("app-1");
    deployment.known({}, {"app-0"}, "device app-0 dev1\n");
    deployment.redis.given.environment["TTN_LW_AS_WEBHOOKS_TARGET"] = "";
    deployment.redis.must_run(as_cleanup(), freely({}));
    EXPECT_EQ(deployment.redis.exists(deployment.key(KeyKind::as_webhook, {"app-1", "hook"})), true);
    EXPECT_FALSE(deployment.redis.exists(deployment.key(KeyKind::as_link, {"app-1"})));
}

}  // namespace
}  // namespace tti::stale_records::test
