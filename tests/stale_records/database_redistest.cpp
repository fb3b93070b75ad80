#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity_server/tenants.hpp"
#include "postgres/connection.hpp"
#include "stale_records/redis_fixture.hpp"
#include "support/postgres_server.hpp"

namespace tti::stale_records::test {
namespace {

using lorawan::KeyKind;
using testing::HasSubstr;

// The columns of the stack's tables that are read, in a database of its own.
class Database {
  public:
    Database() : uri_(tti::test::PostgresServer::instance().create_database()) { tables("public"); }

    void tables(const std::string& schema) const {
        execute("CREATE SCHEMA IF NOT EXISTS " + schema + "; CREATE TABLE " + schema +
                ".end_devices (application_id text, device_id text, join_eui text, dev_eui text, UNIQUE "
                "(application_id, device_id)); CREATE TABLE " +
                schema + ".applications (application_id text UNIQUE, deleted_at timestamptz)");
    }
    void add(const SampleDevice& device, const std::string& schema = "public") const {
        execute("INSERT INTO " + schema + ".end_devices VALUES ('" + device.application_id + "', '" +
                device.device_id + "', '" + device.join_eui_text() + "', '" + device.dev_eui_text() + "')");
    }
    void execute(const std::string& sql) const {
        util::NeverStop stop;
        postgres::Connection(*postgres::Uri::parse(uri_), {.context = "test"}, stop).execute(sql);
    }
    [[nodiscard]] const std::string& uri() const { return uri_; }

  private:
    std::string uri_;
};

class FromDatabase : public testing::Test {
  protected:
    FromDatabase() {
        deployment.redis.given.environment = {{"TTN_LW_IS_DATABASE_URI", database.uri()}};
        for (const auto& device : sample_devices(0, 5)) deployment.add(device);
        for (const auto& device : sample_devices(0, 4)) database.add(device);
        database.execute("INSERT INTO applications VALUES ('app-0', NULL), ('app-1', now())");
        for (const std::string id : {"app-0", "app-1", "app-2"}) deployment.add_application(id);
    }

    Deployment deployment;
    Database database;
};

TEST_F(FromDatabase, RemovesWhatItDoesNotHold) {
    const auto ns = deployment.redis.must_run(ns_cleanup(), freely());
    EXPECT_EQ(ns.data["removed"], (nlohmann::json{{"end devices", 1}}));
    EXPECT_THAT(ns.data["identity_server"].get<std::string>(), HasSubstr("database"));
    const auto as = deployment.redis.must_run(as_cleanup(), freely());
    EXPECT_EQ(as.data["removed"]["application links"], 1) << "app-1 can still be restored";
    const auto js = deployment.redis.must_run(js_cleanup(), freely());
    EXPECT_EQ(js.data["removed"]["session keys"], 2);
    EXPECT_TRUE(deployment.redis.exists(deployment.key(KeyKind::as_webhook, {"app-1", "hook"})));
    EXPECT_FALSE(deployment.redis.exists(deployment.key(KeyKind::as_webhook, {"app-2", "hook"})));
}

TEST_F(FromDatabase, CountsBeforeTheServerItself) {
    deployment.redis.given.environment["TTN_LW_CLUSTER_IDENTITY_SERVER"] = "127.0.0.1:1";
    deployment.redis.must_run(ns_cleanup(), freely());
}

TEST_F(FromDatabase, IsNotTakenForTrueWithoutTables) {
    database.execute("DROP TABLE end_devices");
    const auto outcome = deployment.redis.run(ns_cleanup(), freely());
    EXPECT_EQ(outcome.code, ExitCode::refused);
    EXPECT_THAT(outcome.error, HasSubstr("no tables"));
}

TEST_F(FromDatabase, IsRefusedWhereItIsEmpty) {
    database.execute("DELETE FROM end_devices");
    EXPECT_THAT(deployment.redis.run(ns_cleanup(), freely()).error, HasSubstr("knows no end device at all"));
}

TEST_F(FromDatabase, IsAskedAgainAboutEveryCandidate) {
    // Whoever reads the list does not see the device, whoever asks for it does.
    database.execute(
        "ALTER TABLE end_devices RENAME TO all_devices;"
        "CREATE VIEW end_devices AS SELECT * FROM all_devices WHERE device_id <> 'dev4'"
        " OR current_query() LIKE '%unnest%'");
    database.execute("INSERT INTO all_devices VALUES ('app-0', 'dev4', '', '')");
    const auto before = deployment.redis.state();
    const auto outcome = deployment.redis.must_run(ns_cleanup(), freely());
    EXPECT_EQ(outcome.data["kept"], 1);
    EXPECT_EQ(deployment.redis.state(), before);
}

TEST(FromTenant, HasItsOwnSchemaAndNameSpace) {
    Deployment deployment;
    const auto uri = tti::test::PostgresServer::instance().create_database();
    deployment.redis.given.environment = {{"TTN_LW_IS_DATABASE_URI", uri}};
    deployment.redis.must_run(identity_server::create_tenant_command(), {{"id", "acme"}, {"name", "Acme"}});
    const auto devices = sample_devices(0, 2);
    const auto key = [](const SampleDevice& device) { return "ttn:v3:acme:ns:devices:uid:" + device.uid(); };
    for (const auto& device : devices) {
        deployment.redis.set(key(device), tti::test::network_server_record(device).text());
        deployment.add_to_network_server(device);
    }
    util::NeverStop stop;
    postgres::Connection(*postgres::Uri::parse(uri), {.context = "test"}, stop)
        .execute(
            "INSERT INTO tenant_acme.end_devices (created_at, updated_at, application_id, device_id)"
            " VALUES (now(), now(), 'app-0', 'dev1')");
    EXPECT_THAT(deployment.redis.run(ns_cleanup(), freely()).error, HasSubstr("no tables"));
    const auto outcome = deployment.redis.must_run(ns_cleanup(), freely({{"tenant-id", "acme"}}));
    EXPECT_EQ(outcome.data["removed"], (nlohmann::json{{"end devices", 1}}));
    EXPECT_FALSE(deployment.redis.exists(key(devices[0])));
    EXPECT_TRUE(deployment.redis.exists(key(devices[1])));
    EXPECT_TRUE(deployment.redis.exists(deployment.key(KeyKind::ns_device, {"app-0.dev0"})));
    deployment.redis.set("ttn:v3:nobody:ns:devices:uid:app.dev", "");
    EXPECT_EQ(deployment.redis.run(ns_cleanup(), freely({{"tenant-id", "nobody"}})).code, ExitCode::usage);
}

}  // namespace
}  // namespace tti::stale_records::test
