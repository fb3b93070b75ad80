#include <array>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "key_space/tenant_versions.hpp"
#include "support/redis_database.hpp"

namespace tti::key_space {
namespace {

using lorawan::KeyKind;

constexpr std::array network_server{KeyKind::ns_schema_version, KeyKind::ns_uplinks_schema_version};
constexpr std::array application_server{KeyKind::as_schema_version};

class TenantVersions : public ::testing::Test {
  protected:
    std::size_t count(std::span<const KeyKind> kinds) {
        std::size_t count = 0;
        const cli::Command command{
            .name = "test", .settings = with_redis_settings(), .run = [&](cli::Context& context) {
                return run_reading(context, operation::Area::network_server, [&](Session& session) {
                    count = tenants_not_at_newest(session, ids_, kinds).size();
                    return ExitCode::done;
                });
            }};
        database_.must_run(command);
        return count;
    }
    [[nodiscard]] std::int64_t commands() {
        const auto info = std::string(database_.connection().call("INFO", "stats")->text());
        const std::string name = "total_commands_processed:";
        return std::stoll(info.substr(info.find(name) + name.size()));
    }

    test::RedisDatabase database_;
    std::vector<std::string> ids_;
};

TEST_F(TenantVersions, AreTheNewestWhereEveryKeySaysSo) {
    ids_ = {"acme", "beta", "gamma", "delta", "other"};
    database_.set("ttn:v3:acme:ns:devices:schema-version", "1");
    database_.set("ttn:v3:acme:ns:application-uplinks:schema-version", "1");
    database_.set("ttn:v3:beta:ns:devices:schema-version", "1");  // and not of uplinks
    database_.set("ttn:v3:gamma:ns:devices:schema-version", "0");
    database_.set("ttn:v3:gamma:ns:application-uplinks:schema-version", "1");
    database_.set("ttn:v3:delta:ns:devices:schema-version", "not a number");
    database_.set("ttn:v3:beta:as:schema-version", "2");  // newer
    EXPECT_EQ(count(network_server), 4);
    EXPECT_EQ(count(application_server), 5);
}

TEST_F(TenantVersions, OfManyTenantsTakeAQuestionEachAndNoWalk) {
    constexpr std::size_t tenants = 1200;
    for (std::size_t number = 0; number < tenants; ++number) ids_.push_back(fmt::format("tenant{}", number));
    database_.set("ttn:v3:tenant7:as:schema-version", "1");
    const auto before = commands();
    EXPECT_EQ(count(application_server), tenants - 1);
    EXPECT_LE(commands() - before, static_cast<std::int64_t>(tenants) + 20);
}

TEST_F(TenantVersions, OfNobodyAreAllThere) {
    EXPECT_EQ(count(application_server), 0);
}

}  // namespace
}  // namespace tti::key_space
