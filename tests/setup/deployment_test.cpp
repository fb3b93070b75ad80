#include "setup/deployment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "settings/catalogue.hpp"
#include "setup/actions.hpp"
#include "setup/fields.hpp"
#include "util/error.hpp"

namespace tti::setup {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

settings::Values settings_values() {
    settings::Values values;
    for (const auto& option : settings::catalogue()) {
        if (option.name == "tenancy.default-id" || option.name == "noc.store.raw-data-retention")
            values.declare(option);
    }
    return values;
}

Deployment read(const std::string& text) {
    return judge(read_file_text("file.yml", text), settings_values());
}

std::string refusal(const std::string& text) {
    try {
        static_cast<void>(read(text));
    } catch (const UsageError& error) {
        return error.what();
    }
    return "nothing was refused";
}

std::vector<std::string> names(const std::vector<Action>& actions) {
    std::vector<std::string> all;
    for (const auto& action : actions) all.push_back(action.name());
    return all;
}

constexpr const char* whole = R"(
domain: eu1.example.com
network: ttich
environment: prod
cluster: eu1
tenancy: {mode: multi}
tenants: [{id: acme, name: Acme}]
admin-users: [{id: alice, tenant-id: acme, email: alice@example.com, password-from: "env:ALICE"}]
storage: {included: true, chunk-interval: 12h, retention-days: 31}
noc: {included: true, raw-retention: 240h}
)";

TEST(Deployment, TheExampleIsGood) {
    const auto deployment = read(example());
    EXPECT_EQ(deployment.domain, "eu1.example.com");
    EXPECT_TRUE(deployment.multi_tenant);
    EXPECT_FALSE(deployment.secondary);
    EXPECT_EQ(deployment.storage->retention_days, 31);
    EXPECT_EQ(deployment.admins.at(0).tenant_id, "acme");
}

TEST(Deployment, TheExampleNamesEveryField) {
    const auto text = example();
    for (const auto& field : fields()) {
        EXPECT_THAT(text, HasSubstr("# " + field.option.description + "\n")) << field.option.name;
    }
    for (const auto& list : list_fields()) EXPECT_THAT(text, HasSubstr("\n" + list.option.name + ":\n"));
}

TEST(Deployment, TakesEveryReferenceToASecretThatMayBeReadTwice) {
    const auto with = [](const std::string& reference) {
        return std::string("domain: eu1.example.com\nconsole: {secret-from: \"") + reference + "\"}\n";
    };
    for (const auto* reference : {"env:A", "file:a", "secretsmanager:a#b", "ssm:/a/b"})
        EXPECT_THAT(refusal(with(reference)), Not(HasSubstr("console.secret-from"))) << reference;
    for (const auto* reference : {"-", "ssm:", "a"})
        EXPECT_THAT(refusal(with(reference)), HasSubstr("secretsmanager:NAME#FIELD or ssm:NAME"))
            << reference;
}

TEST(Deployment, ItsCommandsRunInAnOrderInWhichEachFindsWhatItNeeds) {
    EXPECT_THAT(names(actions(read(whole))),
                ElementsAre("storage-db migrate", "noc-db migrate", "is-db migrate", "ns-db migrate",
                            "as-db migrate", "js-db migrate", "dcs-db migrate", "is-db create-tenant acme",
                            "is-db create-oauth-client cli", "is-db create-oauth-client console-eu1",
                            "is-db create-oauth-client noc-eu1", "is-db create-admin-user alice"));
}

TEST(Deployment, ThePageHasItsOwnOrder) {
    EXPECT_THAT(
        names(page(read(whole))),
        ElementsAre("storage-db init", "noc-db init", "is-db create-tenant acme",
                    "is-db create-oauth-client cli", "is-db create-oauth-client console-eu1",
                    "is-db create-oauth-client noc-eu1", "is-db create-admin-user alice", "is-db migrate",
                    "ns-db migrate", "ns-db prune", "as-db migrate", "noc-db migrate", "dcs-db migrate"));
}

TEST(Deployment, TheRetentionOfEventsGoesWithEveryCommandThatWouldSetAnother) {
    const auto commands = page(read(whole));
    for (const auto& action : commands) {
        if (!action.name().starts_with("noc-db")) continue;
        EXPECT_THAT(std::vector(action.arguments.begin() + 2, action.arguments.end()),
                    ElementsAre("--noc.store.raw-data-retention", "240h"));
    }
}

TEST(Deployment, ASecondaryClusterHasAbsoluteUrisAlone) {
    const auto commands =
        actions(read("domain: nam1.example.com\nidentity-server-domain: eu1.example.com\n"
                     "tenancy: {mode: multi}\nconsole: {secret-from: 'env:C'}\n"));
    EXPECT_THAT(names(commands), ElementsAre("ns-db migrate", "as-db migrate", "js-db migrate",
                                             "dcs-db migrate", "is-db create-oauth-client console"));
    EXPECT_THAT(
        commands.back().with_secret(),
        ElementsAre("is-db", "create-oauth-client", "--tenant-id=NULL", "--id=console", "--name=Console",
                    "--secret-from=env:C", "--redirect-uri=https://nam1.example.com/console/oauth/callback",
                    "--logout-redirect-uri=https://nam1.example.com/console"));
    EXPECT_THAT(commands.back().without_secret(), testing::Not(testing::Contains(HasSubstr("secret"))));
}

TEST(Deployment, APrimaryClusterHasThePathsToo) {
    const auto commands =
        actions(read("domain: eu1.example.com\nidentity-server-domain: EU1.example.com\n"
                     "tenancy: {mode: single, default-id: acme}\nconsole: {secret-from: 'env:C'}\n"));
    EXPECT_THAT(commands.back().arguments,
                ElementsAre("is-db", "create-oauth-client", "--tenant-id=acme", "--id=console",
                            "--name=Console", "--redirect-uri=/console/oauth/callback",
                            "--redirect-uri=https://eu1.example.com/console/oauth/callback",
                            "--logout-redirect-uri=/console",
                            "--logout-redirect-uri=https://eu1.example.com/console"));
}

TEST(Deployment, ADomainIsAHostNameAlone) {
    for (const std::string domain : {"https://eu1.example.com", "eu1.example.com/", "eu1.example.com:8885",
                                     "eu1..example.com", "-eu1.example.com", "eu1 example"}) {
        EXPECT_THAT(refusal("domain: '" + domain + "'\ntenancy: {mode: single}\n"),
                    HasSubstr("file.yml line 1: domain = \"" + domain + "\": accepted: a host name"))
            << domain;
    }
}

TEST(Deployment, AKeyStandsOnce) {
    EXPECT_THAT(refusal("tenancy: {mode: single}\ntenancy.mode: multi\n"),
                HasSubstr("file.yml line 2: tenancy.mode stands in line 1 already"));
    EXPECT_THAT(refusal("tenancy: {mode: single}\ntenancy: {mode: multi}\n"),
                HasSubstr("file.yml line 2: tenancy stands in line 1 already"));
}

TEST(Deployment, ADefaultThatIsTooLongIsTold) {
    EXPECT_THAT(refusal("domain: a.example\ncluster: a-name-that-is-much-longer-than-ids-are\n"
                        "tenancy: {mode: single}\nconsole: {secret-from: 'env:C'}\n"),
                HasSubstr("console.client-id: an ID has 3 to 36"));
}

TEST(Deployment, TwoClientsHaveTwoIds) {
    EXPECT_THAT(
        refusal(
            "domain: a.example\ntenancy: {mode: single}\nconsole: {secret-from: 'env:C', client-id: cli}\n"),
        HasSubstr("line 3: console.client-id = \"cli\": Command Line Interface has the ID cli too"));
}

TEST(Deployment, AValueThatIsLeftEmptyIsNotGiven) {
    const auto deployment = read(
        "domain: a.example\ntenancy: {mode: single}\nconsole: {included: false}\n"
        "storage:\ntenants:\ncluster:\n");
    EXPECT_FALSE(deployment.storage);
    EXPECT_TRUE(deployment.tenants.empty());
}

TEST(Deployment, AnAliasThatContainsItselfEnds) {
    EXPECT_THAT(refusal("domain: &a {b: *a}\ntenancy: &t {mode: single, t: *t}\n"),
                HasSubstr("there is no key"));
}

TEST(Deployment, NoTextMakesTheReaderFail) {
    for (const std::string text :
         {"? [a]\n: b", "1: 2", "domain: !!binary x", "tenants: [[a]]", "tenants: {a: b}", "<<: {domain: x}",
          "\xEF\xBB\xBF domain: x", "domain: \"\\0\""}) {
        EXPECT_NE(refusal(text), "nothing was refused") << text;
    }
}

}  // namespace
}  // namespace tti::setup
