#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "identity_server/cleanup_fixture.hpp"

namespace tti::identity_server::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// A database after its cleanup, and what it held before.
class Restore : public testing::Test {
  protected:
    Restore() : before_(filled_.digest()) {
        const auto outcome = filled_.cleanup();
        EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
        EXPECT_THAT(filled_.undo_files(), SizeIs(1));
        file_ = filled_.undo_files().front();
        EXPECT_NE(filled_.digest(), before_);
    }
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }

    const Filled filled_;
    std::string before_;
    std::filesystem::path file_;
};

TEST_F(Restore, BringsBackExactlyWhatWasThere) {
    const auto outcome = filled_.restore(file());
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(filled_.digest(), before_);
    EXPECT_TRUE(outcome.data["there_already"].empty()) << outcome.data;
    EXPECT_EQ(outcome.data["restored"]["applications"], Filled::expired);
}

TEST_F(Restore, ASecondTimeChangesNothing) {
    EXPECT_EQ(filled_.restore(file()).code, ExitCode::done);
    const auto again = filled_.restore(file());
    EXPECT_EQ(again.code, ExitCode::done) << again.error;
    EXPECT_TRUE(again.data["restored"].empty());
    EXPECT_EQ(again.data["there_already"]["applications"], Filled::expired);
    EXPECT_EQ(filled_.digest(), before_);
}

TEST_F(Restore, ADryRunWritesNothing) {
    const auto before = filled_.digest();
    const auto outcome = filled_.restore(file(), {{"dry-run", "true"}});
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_THAT(outcome.plan.steps.at(0).touches,
                Contains(operation::Amount{"applications", Filled::expired}));
    EXPECT_EQ(filled_.digest(), before);
}

TEST_F(Restore, ATornTailIsIgnored) {
    std::ostringstream whole;
    whole << std::ifstream(file()).rdbuf();
    const auto torn = filled_.folder / "torn";
    const auto last = whole.str().rfind("\\# {\"batch\"");
    std::ofstream(torn) << whole.str().substr(0, last + 2000);
    const auto outcome = filled_.restore(torn);
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_THAT(outcome.plan.notes, Contains(HasSubstr("never committed")));
    EXPECT_EQ(outcome.data["restored"]["applications"], Filled::expired);
    EXPECT_LT(outcome.data["restored"]["clients"], Filled::expired);
    EXPECT_EQ(filled_.restore(file()).code, ExitCode::done);
    EXPECT_EQ(filled_.digest(), before_);
}

TEST_F(Restore, AnApplicationWhoseIdIsTakenStaysAwayWithItsDevices) {
    filled_.database.execute(
        "INSERT INTO applications (created_at, updated_at, application_id) VALUES (now(), now(), "
        "'application-3');"
        " INSERT INTO end_devices (created_at, updated_at, application_id, device_id, join_eui, dev_eui) "
        "VALUES"
        " (now(), now(), 'application-3', 'device-0', '0', '0')");
    const auto outcome = filled_.restore(file());
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_THAT(outcome.data["taken"].get<std::vector<std::string>>(),
                ElementsAre("applications application-3"));
    EXPECT_THAT(outcome.text, HasSubstr("applications application-3"));
    EXPECT_EQ(
        filled_.database.rows("SELECT count(*) FROM end_devices WHERE application_id = 'application-3'"),
        "1\n");
    EXPECT_EQ(
        filled_.database.rows("SELECT count(*) FROM api_keys WHERE entity_id = md5('application3')::uuid"),
        "0\n");
    EXPECT_EQ(
        filled_.database.rows("SELECT count(*) FROM attributes WHERE entity_id = md5('end_device6')::uuid"),
        "0\n");
    EXPECT_EQ(filled_.database.rows("SELECT count(*) FROM applications"), "30\n");
}

TEST_F(Restore, AUserWhoseIdIsTakenStaysAway) {
    filled_.database.execute(
        "INSERT INTO accounts (created_at, updated_at, uid, account_id, account_type) VALUES (now(), now(),"
        " 'user-3', (SELECT id FROM organizations LIMIT 1), 'organization')");
    const auto outcome = filled_.restore(file());
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_THAT(outcome.data["taken"].get<std::vector<std::string>>(), ElementsAre("users user-3"));
    EXPECT_EQ(filled_.database.rows("SELECT count(*) FROM users WHERE id = md5('user3')::uuid"), "0\n");
    EXPECT_EQ(filled_.database.rows("SELECT count(*) FROM memberships WHERE account_id = md5('user "
                                    "account3')::uuid AND entity_id = md5('application26')::uuid"),
              "0\n");
    EXPECT_EQ(filled_.database.rows(
                  "SELECT count(*) FROM gateways WHERE technical_contact_id = md5('user account3')::uuid"
                  " AND deleted_at IS NULL"),
              "0\n");
}

TEST_F(Restore, ADeviceWhoseEuisAreTakenStaysAway) {
    filled_.database.execute(
        "INSERT INTO end_devices (created_at, updated_at, application_id, device_id, join_eui, dev_eui) "
        "VALUES"
        " (now(), now(), 'application-20', 'new', '70B3D57ED0000000', lpad(to_hex(2 * 5 + 1), 16, '0'))");
    const auto outcome = filled_.restore(file());
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_THAT(outcome.data["taken"].get<std::vector<std::string>>(),
                ElementsAre("end_devices application-5.device-1"));
    EXPECT_EQ(
        filled_.database.rows("SELECT count(*) FROM end_devices WHERE application_id = 'application-5'"),
        "1\n");
    EXPECT_EQ(
        filled_.database.rows(
            "SELECT count(*) FROM end_device_locations WHERE end_device_id = md5('end_device11')::uuid"),
        "0\n");
    EXPECT_EQ(
        filled_.database.rows("SELECT count(*) FROM applications WHERE application_id = 'application-5'"),
        "1\n");
}

TEST_F(Restore, WhatWasChangedSinceStays) {
    filled_.database.execute(
        "UPDATE gateways SET technical_contact_id = md5('user account20')::uuid WHERE gateway_id = "
        "'gateway-25'");
    const auto mine =
        filled_.database.rows("SELECT technical_contact_id FROM gateways WHERE gateway_id = 'gateway-25'");
    EXPECT_EQ(filled_.restore(file()).code, ExitCode::done);
    EXPECT_EQ(
        filled_.database.rows("SELECT technical_contact_id FROM gateways WHERE gateway_id = 'gateway-25'"),
        mine);
}

TEST_F(Restore, RefusesOtherFiles) {
    const auto other = filled_.folder / "other";
    std::ofstream(other) << "SELECT 1;\n";
    EXPECT_EQ(filled_.restore(other).code, ExitCode::usage);
    std::ofstream(other) << "\\# {\"format\":\"tti-lw-stack undo\",\"version\":9}\n";
    EXPECT_THAT(filled_.restore(other).error, HasSubstr("version 9"));
    std::ofstream(other)
        << "\\# {\"format\":\"tti-lw-stack undo\",\"version\":1,\"command\":\"ns-db purge\"}\n";
    EXPECT_THAT(filled_.restore(other).error, HasSubstr("ns-db purge"));
    EXPECT_EQ(filled_.restore(filled_.folder / "absent").code, ExitCode::usage);
}

TEST(RestoreOrphans, BringsBackExactlyWhatWasThere) {
    const Filled filled;
    EXPECT_EQ(filled.cleanup().code, ExitCode::done);
    filled.database.execute(
        "DELETE FROM applications WHERE application_id = 'application-20'; DELETE FROM users WHERE id ="
        " md5('user21')::uuid; DELETE FROM accounts WHERE uid = 'organization-22'; DELETE FROM gateways WHERE"
        " gateway_id = 'gateway-23'");
    const auto before = filled.digest();
    const auto cleaned = filled.cleanup();
    EXPECT_EQ(cleaned.code, ExitCode::done) << cleaned.error;
    EXPECT_NE(filled.digest(), before);
    const auto outcome = filled.restore(cleaned.data["tenants"]["default"]["undo_file"].get<std::string>());
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(filled.digest(), before);
}

TEST(RestoreOrphans, ADeviceDoesNotJoinAnotherApplicationOfThatId) {
    const Filled filled;
    filled.database.execute("DELETE FROM applications WHERE application_id = 'application-20'");
    EXPECT_EQ(filled.cleanup().code, ExitCode::done);
    filled.database.execute(
        "INSERT INTO applications (created_at, updated_at, application_id) VALUES (now(), now(), "
        "'application-20')");
    EXPECT_EQ(filled.restore(filled.undo_files().front()).code, ExitCode::done);
    EXPECT_EQ(
        filled.database.rows("SELECT count(*) FROM end_devices WHERE application_id = 'application-20'"),
        "0\n");
}

}  // namespace
}  // namespace tti::identity_server::test
