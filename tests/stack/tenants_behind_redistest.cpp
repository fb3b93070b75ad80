#include <gmock/gmock.h>

#include "key_space/session.hpp"
#include "stack/tenants_behind.hpp"
#include "support/redis_database.hpp"

namespace tti::stack {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TenantsBehind : public ::testing::Test {
  protected:
    std::vector<TenantBehind> behind(const std::vector<std::string>& groups,
                                     const std::vector<std::string>& tenants) {
        std::vector<TenantBehind> found;
        const cli::Command probe{
            .name = "probe", .settings = key_space::with_redis_settings(), .run = [&](cli::Context& context) {
                found = tenants_behind(context, groups, tenants);
                return ExitCode::done;
            }};
        redis_.must_run(probe);
        return found;
    }
    void record_versions(const std::string& tenant, const std::string& version) {
        for (const auto* key : {"ns:devices", "ns:application-uplinks", "as", "js:keys", "dcs"})
            redis_.set("ttn:v3:" + tenant + ":" + key + ":schema-version", version);
    }

    test::RedisDatabase redis_;
    std::vector<std::string> groups_{"dcs-db", "ns-db", "as-db", "js-db"};
};

TEST_F(TenantsBehind, AreNoneWhereNobodyHasKeys) {
    EXPECT_THAT(behind(groups_, {"acme", "beta"}), IsEmpty());
}

TEST_F(TenantsBehind, AreThoseWithKeysAndNoVersion) {
    redis_.set("ttn:v3:acme:ns:devices:uid:app.dev", "x");
    redis_.set("ttn:v3:beta:as:devices:uid:app.dev", "x");
    redis_.set("ttn:v3:acme:js:devices:uid:app.dev", "x");
    EXPECT_THAT(behind(groups_, {"acme", "beta", "gamma"}),
                ElementsAre(TenantBehind{"ns-db", "acme"}, TenantBehind{"as-db", "beta"},
                            TenantBehind{"js-db", "acme"}));
    EXPECT_THAT(behind({"as-db"}, {"acme", "beta"}), ElementsAre(TenantBehind{"as-db", "beta"}));
}

TEST_F(TenantsBehind, AreNotThoseWithVersions) {
    record_versions("acme", "1");
    redis_.set("ttn:v3:acme:ns:devices:uid:app.dev", "x");
    EXPECT_THAT(behind(groups_, {"acme"}), IsEmpty());
}

TEST_F(TenantsBehind, NeedEveryVersionOfAServer) {
    record_versions("acme", "1");
    redis_.connection().call("DEL", "ttn:v3:acme:ns:application-uplinks:schema-version");
    EXPECT_THAT(behind(groups_, {"acme"}), ElementsAre(TenantBehind{"ns-db", "acme"}));
}

TEST_F(TenantsBehind, AreThoseWhoseVersionIsOlderNewerOrNone) {
    for (const auto* version : {"0", "2", "one", ""}) {
        record_versions("acme", version);
        EXPECT_EQ(behind(groups_, {"acme"}).size(), groups_.size()) << version;
    }
    redis_.connection().call("DEL", "ttn:v3:acme:as:schema-version");
    redis_.connection().call("RPUSH", "ttn:v3:acme:as:schema-version", "1");
    EXPECT_THAT(behind({"as-db"}, {"acme"}), ElementsAre(TenantBehind{"as-db", "acme"}));
}

TEST_F(TenantsBehind, AreNotTheDefaultOneNorAnotherOfALikeName) {
    redis_.set("ttn:v3:ns:devices:uid:app.dev", "x");
    redis_.set("ttn:v3:acme-2:ns:devices:uid:app.dev", "x");
    redis_.set("other:acme:ns:devices:uid:app.dev", "x");
    redis_.set("ttn:v3:acme", "x");
    EXPECT_THAT(behind(groups_, {"acme"}), IsEmpty());
}

TEST_F(TenantsBehind, AreFoundAmongThousands) {
    std::vector<std::string> tenants;
    for (int number = 0; number < 2500; ++number) tenants.push_back("tenant-" + std::to_string(number));
    redis_.set("ttn:v3:tenant-2499:ns:devices:uid:app.dev", "x");
    redis_.set("ttn:v3:tenant-7:ns:devices:uid:app.dev", "x");
    EXPECT_THAT(behind(groups_, tenants),
                ElementsAre(TenantBehind{"ns-db", "tenant-7"}, TenantBehind{"ns-db", "tenant-2499"}));
}

}  // namespace
}  // namespace tti::stack
