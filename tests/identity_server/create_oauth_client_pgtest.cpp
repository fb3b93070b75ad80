#include "identity_server/create_admin_user.hpp"
#include "identity_server/create_fixture.hpp"
#include "identity_server/create_oauth_client.hpp"
#include "identity_server/global_clients.hpp"
#include "identity_server/password_hash.hpp"

namespace tti::identity_server {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* all_columns =
    "SELECT ROW(name, redirect_uris, logout_redirect_uris, state, skip_authorization, endorsed, grants, "
    "rights, description, "
    "state_description)::text FROM ";

class CreateOauthClient : public test::CreateFixture {
  protected:
    test::Outcome create(const Flags& flags) {
        auto outcome = database_.run(create_oauth_client_command(), flags);
        EXPECT_THAT(told(outcome), Not(HasSubstr("hidden")));
        return outcome;
    }
    bool stored_secret_is(const std::string& secret, const std::string& table = "clients") {
        return verify_password(Secret(secret), value("SELECT client_secret FROM " + table)) == true;
    }
    // A tenant as create-tenant leaves it: its schema, tables and record.
    void add_tenant(const std::string& id) {
        sql("CREATE SCHEMA tenant_" + id + "; INSERT INTO tti.tenants (tenant_id, schema_name) VALUES ('" +
            id + "', 'tenant_" + id + "')");
        for (const char* table :
             {"accounts", "users", "clients", "memberships", "bun_migrations", "notifications"}) {
            sql("CREATE TABLE tenant_" + id + "." + table + " (LIKE public." + table + " INCLUDING ALL)");
        }
        sql("INSERT INTO tenant_" + id + ".bun_migrations SELECT * FROM public.bun_migrations");
    }
};

TEST_F(CreateOauthClient, WritesTheStacksValues) {
    const auto outcome = create({{"name", "Console"},
                                 {"secret", "hidden"},
                                 {"redirect-uri", "https://h/console/oauth/callback"},
                                 {"redirect-uri", "/console/oauth/callback"},
                                 {"logout-redirect-uri", "/console"}});
    ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(value(std::string(all_columns) + "clients WHERE client_id = 'console'"),
              "(Console,\"{https://h/console/oauth/callback,/console/oauth/callback}\",{/"
              "console},1,t,t,\"{0,2}\",{55},,)");
    EXPECT_TRUE(stored_secret_is("hidden"));
    EXPECT_FALSE(outcome.data.contains("secret"));
    EXPECT_THAT(outcome.text, Not(HasSubstr("hidden")));
}

TEST_F(CreateOauthClient, WritesEmptyListsAndNoSecretForAPublicClient) {
    ASSERT_EQ(
        create({{"id", "cli"}, {"no-secret", "true"}, {"endorsed", "false"}, {"authorized", "false"}}).code,
        ExitCode::done);
    EXPECT_EQ(value(std::string(all_columns) + "clients"), "(,{},{},1,f,f,\"{0,2}\",{55},,)");
    EXPECT_EQ(value("SELECT client_secret IS NULL AND name IS NULL FROM clients"), "t");
}

TEST_F(CreateOauthClient, PrintsAGeneratedSecretOnceAndLogsItNever) {
    const auto outcome = create({});
    ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
    const std::string secret = outcome.data.at("secret");
    EXPECT_EQ(secret.size(), 52U);
    EXPECT_TRUE(stored_secret_is(secret));
    EXPECT_THAT(outcome.text, HasSubstr(secret));
    EXPECT_THAT(told(outcome), Not(HasSubstr(secret)));
    const auto again = create({});
    EXPECT_EQ(again.data["action"], "unchanged");
    EXPECT_FALSE(again.data.contains("secret"));
    EXPECT_TRUE(stored_secret_is(secret));
}

TEST_F(CreateOauthClient, KeepsWhatIsOmitted) {
    ASSERT_EQ(create({{"name", "Console"},
                      {"secret", "hidden"},
                      {"redirect-uri", "/a"},
                      {"logout-redirect-uri", "/b"}})
                  .code,
              ExitCode::done);
    const std::string before = all_rows("clients");
    EXPECT_EQ(create({}).data["action"], "unchanged");
    EXPECT_EQ(create({{"name", "Console"}, {"secret", "hidden"}, {"redirect-uri", "/a"}}).data["action"],
              "unchanged");
    EXPECT_EQ(all_rows("clients"), before);
    EXPECT_EQ(create({{"endorsed", "false"}}).data["action"], "updated");
    EXPECT_EQ(value(std::string(all_columns) + "clients"), "(Console,{/a},{/b},1,t,f,\"{0,2}\",{55},,)");
    EXPECT_TRUE(stored_secret_is("hidden"));
}

TEST_F(CreateOauthClient, ChangesTheSecretOnlyWhenAsked) {
    ASSERT_EQ(create({{"secret", "hidden"}}).code, ExitCode::done);
    const auto rotated = create({{"rotate-secret", "true"}});
    EXPECT_TRUE(stored_secret_is(rotated.data.at("secret")));
    ASSERT_EQ(create({{"secret", "hidden2"}}).code, ExitCode::done);
    EXPECT_TRUE(stored_secret_is("hidden2"));
    ASSERT_EQ(create({{"no-secret", "true"}}).data["action"], "updated");
    EXPECT_EQ(value("SELECT client_secret IS NULL FROM clients"), "t");
    EXPECT_EQ(create({}).data["action"], "unchanged");
}

TEST_F(CreateOauthClient, GivesTheOwnerOneMembership) {
    ASSERT_EQ(
        database_.run(create_admin_user_command(), {{"email", "a@b.c"}, {"password", "Secret123"}}).code,
        ExitCode::done);
    ASSERT_EQ(create({{"owner", "admin"}}).code, ExitCode::done);
    const char* membership =
        "SELECT string_agg(ROW(m.rights, m.entity_type, a.uid)::text, ' ') FROM memberships m JOIN accounts "
        "a ON a.id "
        "= m.account_id JOIN clients c ON c.id = m.entity_id";
    EXPECT_EQ(value(membership), "({29},client,admin)");
    EXPECT_EQ(create({{"owner", "admin"}}).data["action"], "unchanged");
    sql("UPDATE memberships SET rights = '{60}'");
    EXPECT_EQ(create({{"owner", "admin"}}).data["action"], "updated");
    EXPECT_EQ(value(membership), "({29},client,admin)");
}

TEST_F(CreateOauthClient, WritesAndShowsNothingForAnUnknownOwner) {
    ASSERT_EQ(create({{"id", "other"}}).code, ExitCode::done);
    const auto outcome = create({{"owner", "nobody"}});
    EXPECT_EQ(outcome.code, ExitCode::refused);
    EXPECT_THAT(outcome.error, HasSubstr("there is no user nobody"));
    EXPECT_TRUE(outcome.text.empty());
    EXPECT_EQ(value("SELECT count(*) FROM clients"), "1");
}

TEST_F(CreateOauthClient, RefusesTheIdOfADeletedClient) {
    ASSERT_EQ(create({}).code, ExitCode::done);
    sql("UPDATE clients SET deleted_at = now()");
    const std::string before = all_rows("clients");
    const auto outcome = create({{"name", "New"}});
    EXPECT_EQ(outcome.code, ExitCode::refused);
    EXPECT_THAT(outcome.hint, HasSubstr("restore"));
    EXPECT_EQ(create({{"tenant-id", "NULL"}}).code, ExitCode::refused);
    EXPECT_EQ(all_rows("clients"), before);
}

TEST_F(CreateOauthClient, OfAllTenantsReachesEveryOne) {
    ASSERT_EQ(create({{"tenant-id", "NULL"}, {"id", "console"}, {"secret", "hidden"}}).code, ExitCode::done);
    add_tenant("acme");
    auto outcome =
        create({{"tenant-id", "NULL"}, {"id", "console"}, {"name", "Console"}, {"redirect-uri", "/a"}});
    ASSERT_EQ(outcome.code, ExitCode::done) << outcome.error;
    for (const char* table : {"tti.clients", "public.clients", "tenant_acme.clients"}) {
        EXPECT_EQ(value(std::string(all_columns) + table), "(Console,{/a},{},1,t,t,\"{0,2}\",{55},,)")
            << table;
        EXPECT_TRUE(stored_secret_is("hidden", table)) << table;
    }
    const std::string before =
        all_rows("tti.clients") + all_rows("public.clients") + all_rows("tenant_acme.clients");
    EXPECT_EQ(create({{"tenant-id", "NULL"}}).data["action"], "unchanged");
    EXPECT_EQ(all_rows("tti.clients") + all_rows("public.clients") + all_rows("tenant_acme.clients"), before);
    sql("UPDATE tenant_acme.clients SET endorsed = false");
    outcome = create({{"tenant-id", "NULL"}});
    EXPECT_EQ(outcome.data["action"], "updated");
    EXPECT_EQ(outcome.data["counts"]["tenants"], 1);
}

TEST_F(CreateOauthClient, OfAllTenantsCannotBeOneTenantsToo) {
    ASSERT_EQ(create({{"tenant-id", "NULL"}}).code, ExitCode::done);
    const auto outcome = create({{"name", "Mine"}});
    EXPECT_EQ(outcome.code, ExitCode::refused);
    EXPECT_THAT(outcome.hint, HasSubstr("--tenant-id=NULL"));
}

TEST_F(CreateOauthClient, OfAllTenantsIsWrittenIntoALaterOne) {
    ASSERT_EQ(create({{"tenant-id", "NULL"}, {"id", "cli"}, {"no-secret", "true"}}).code, ExitCode::done);
    add_tenant("later");
    const Tenant later{"later", "tenant_later", false};
    write_global_clients(connection_, later);
    EXPECT_EQ(value("SELECT client_id FROM tenant_later.clients"), "cli");
    const std::string before = all_rows("tenant_later.clients");
    write_global_clients(connection_, later);
    EXPECT_EQ(all_rows("tenant_later.clients"), before);
}

TEST_F(CreateOauthClient, DryRunWritesNothing) {
    ASSERT_EQ(create({}).code, ExitCode::done);
    const std::string before = all_rows("clients");
    for (const char* tenant : {"NULL", ""}) {
        Flags flags{{"name", "New"}, {"dry-run", "true"}};
        if (*tenant != '\0') {
            flags.push_back({"tenant-id", tenant});
        }
        const auto outcome = create(flags);
        EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
        EXPECT_EQ(outcome.plan.steps.size(), 1U);
    }
    EXPECT_EQ(all_rows("clients"), before);
}

}  // namespace
}  // namespace tti::identity_server
