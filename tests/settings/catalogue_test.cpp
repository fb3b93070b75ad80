#include "settings/catalogue.hpp"

#include <map>
#include <set>

#include <gmock/gmock.h>

#include "settings/values.hpp"

namespace tti::settings {
namespace {

TEST(EnvironmentName, FollowsTheStack) {
    EXPECT_EQ(environment_name("is.database-uri"), "TTN_LW_IS_DATABASE_URI");
    EXPECT_EQ(environment_name("output"), "TTN_LW_OUTPUT");
}

TEST(Catalogue, HasTheStacksDefaults) {
    Values values;
    for (const Option& option : catalogue()) values.declare(option);
    const std::string password = "is.user-registration.password-requirements.";
    const std::map<std::string, std::string> defaults{
        {"config", ""},
        {"log.level", "info"},
        {"log.format", "console"},
        {"output", "text"},
        {"output-format", "json"},
        {"is.database-uri", "postgresql://root:root@localhost:5432/ttn_lorawan_dev?sslmode=disable"},
        {"is.delete.restore", "24h0m0s"},
        {"is.dev-eui-block.prefix", "0000000000000000/0"},
        {"is.dev-eui-block.init-counter", "0"},
        {password + "min-length", "8"},
        {password + "max-length", "1000"},
        {password + "min-uppercase", "1"},
        {password + "min-digits", "1"},
        {password + "min-special", "0"},
        {password + "reject-user-id", "true"},
        {password + "reject-common", "false"},
        {"tenancy.default-id", "default"},
        {"redis.address", "localhost:6379"},
        {"redis.password", ""},
        {"redis.database", "0"},
        {"redis.namespace", "ttn,v3"},
        {"redis.failover.enable", "false"},
        {"redis.failover.addresses", ""},
        {"redis.failover.master-name", ""},
        {"redis.tls.require", "false"},
        {"redis.tls.root-ca", ""},
        {"redis.tls.insecure-skip-verify", "false"},
        {"cache.redis.address", "localhost:6379"},
        {"events.redis.namespace", "ttn,v3"},
        {"js.session-key-limit", "10"},
        {"as.webhooks.target", "direct"},
        {"cluster.keys", ""},
        {"cluster.tls", "false"},
        {"tls.insecure-skip-verify", "false"},
    };
    for (const auto& [name, text] : defaults) EXPECT_EQ(values.display(name, true), text) << name;
    EXPECT_TRUE(values.secret("is.database-uri").reveal().starts_with("postgresql://"));
}

TEST(Catalogue, IsWellFormed) {
    std::set<std::string> variables;
    std::set<char> short_names;
    for (const Option& option : catalogue()) {
        EXPECT_FALSE(option.description.empty()) << option.name;
        EXPECT_FALSE(option.description.ends_with('.')) << option.name;
        EXPECT_TRUE(option.type == Type::boolean || !option.value_name.empty()) << option.name;
        EXPECT_TRUE(variables.insert(environment_name(option.name)).second) << option.name;
        EXPECT_TRUE(option.short_name == 0 || short_names.insert(option.short_name).second) << option.name;
        EXPECT_FALSE(is_known_elsewhere(option.name)) << option.name;
    }
    EXPECT_EQ(short_names, std::set<char>{'c'});
}

TEST(KnownElsewhere, AreTheStacksOwnOptions) {
    for (const char* name : {"is.read-database-uri",
                             "is.database-max-idle-conns",
                             "console.oauth.authorize-url",
                             "noc.grafana.admin-password",
                             "tenancy.ttl",
                             "is.dev-eui-block.enabled",
                             "is.dev-eui-block.application-limit",
                             "is.email.smtp.password",
                             "is.oauth.mount",
                             "is.user-rights.create-applications",
                             "experimental.features",
                             "redis.readonly.address",
                             "events.redis.store.ttl",
                             "cache.service",
                             "events.batch.target-size",
                             "js.dev-nonce-limit",
                             "as.webhooks.queue-size",
                             "cluster.claim.cache.ttl",
                             "cluster.network-server",
                             "tls.acme.email",
                             "tls.certificate",
                             "is.user-registration.invitation.token-ttl"}) {
        EXPECT_TRUE(is_known_elsewhere(name)) << name;
    }
    for (const char* name : {"is.delete.restor", "is.emails.x", "is.email", "ns.net-id", ""}) {
        EXPECT_FALSE(is_known_elsewhere(name)) << name;
    }
}

struct SpellingCase {
    std::string name;
    std::string meant;
};

TEST(NearestOption, FindsMisspeltOnes) {
    const std::vector<SpellingCase> cases{
        {"is.delete.restor", "is.delete.restore"},
        {"is.delete.anything-at-all", "is.delete.restore"},
        {"is.delete.restore.more", "is.delete.restore"},
        {"is.dev-eui-block.counter", "is.dev-eui-block.init-counter"},
        {"is.user-registration.password-requirements.minimum-length",
         "is.user-registration.password-requirements.min-length"},
        {"tenancy.default", "tenancy.default-id"},
        {"log.lvl", "log.level"},
        {"is.database-url", "is.database-uri"},
        {"is.databse-url", "is.database-uri"},
        {"is.databas-rui", "is.database-uri"},
        {"redis.adress", "redis.address"},
        {"redis.user", "redis.username"},
        {"redis.tls.ca", "redis.tls.key"},
        {"redis.failover.mastername", "redis.failover.master-name"},
        {"cache.redis.pasword", "cache.redis.password"},
        {"events.redis.namespac", "events.redis.namespace"},
        {"cluster.key", "cluster.keys"},
        {"cluster.identity-serve", "cluster.identity-server"},
        {"tls.rootca", "tls.root-ca"},
        {"js.session-key-limt", "js.session-key-limit"},
        {"as.webhooks.traget", "as.webhooks.target"},
        {"is.delet.restore", "is.delete.restore"},
        {"is.user-registration.password-requirement.min-length",
         "is.user-registration.password-requirements.min-length"},
        // in a shared group, and too far from everything
        {"is.database-anything", ""},
        {"is.new-option", ""},
        {"cluster.new-server", ""},
        {"js.new-option", ""},
        {"as.new-option", ""},
        {"events.new-option", ""},
        {"tls.new-option", ""},
        {"is.user-registration.new-option", ""},
        // ours, the stack's, and in no group of ours
        {"is.delete.restore", ""},
        {"is.dev-eui-block.enabled", ""},
        {"tenancy.ttl", ""},
        {"tenancy.base-domains", ""},
        {"is.read-database-uri", ""},
        {"redis.pool-size", ""},
        {"cache.service", ""},
        {"cluster.join-server", ""},
        {"gs.mqtt.public-address", ""},
        {"dcs.edcs.source", ""},
        {"noc.access.extended", ""},
        {"ns.net-id", ""},
        {"outptu", ""},
        {"isx.database-uri", ""},
        {"is", ""},
        {"", ""},
    };
    for (const auto& [name, meant] : cases) EXPECT_EQ(nearest_option(name), meant) << name;
}

TEST(NearestOption, FindsMisspeltVariables) {
    const std::vector<SpellingCase> cases{
        {"TTN_LW_IS_DELETE_RESTOR", "is.delete.restore"},
        {"TTN_LW_IS_DATABASE_URL", "is.database-uri"},
        {"TTN_LW_IS_DEV_EUI_BLOCK_COUNTER", "is.dev-eui-block.init-counter"},
        {"TTN_LW_LOG_LVL", "log.level"},
        {"TTN_LW_TENANCY_DEFAULT", "tenancy.default-id"},
        {"TTN_LW_REDIS_ADRESS", "redis.address"},
        {"TTN_LW_CACHE_REDIS_TLS_REQUIRED", "cache.redis.tls.require"},
        {"TTN_LW_CLUSTER_KEY", "cluster.keys"},
        {"TTN_LW_REDIS_POOL_SIZE", ""},
        {"TTN_LW_REDIS_READONLY_ADDRESS", ""},
        {"TTN_LW_EVENTS_REDIS_STORE_ENABLE", ""},
        {"TTN_LW_EVENTS_BACKEND", ""},
        {"TTN_LW_AS_WEBHOOKS_WORKERS", ""},
        {"TTN_LW_TLS_ACME_DIR", ""},
        {"TTN_LW_NOC_STORE_DATABASE_URI", ""},
        {"TTN_LW_IS_DELETE_RESTORE", ""},
        {"TTN_LW_IS_DEV_EUI_BLOCK_ENABLED", ""},
        {"TTN_LW_TENANCY_BASE_DOMAINS", ""},
        {"TTN_LW_IS_EMAIL_SMTP_ADDRESS", ""},
        {"TTN_LW_NS_NET_ID", ""},
        {"TTN_LW_OUTPU", ""},
        {"IS_DELETE_RESTOR", ""},
        {"PATH", ""},
    };
    for (const auto& [name, meant] : cases) EXPECT_EQ(nearest_option_of_variable(name), meant) << name;
}

}  // namespace
}  // namespace tti::settings
