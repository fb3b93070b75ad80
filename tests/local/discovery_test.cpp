#include "local/discovery.hpp"

#include <algorithm>
#include <bit>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "local/private_file.hpp"
#include "local/record.hpp"
#include "temporary_folder.hpp"

namespace tti::local {
namespace {

using ::testing::ElementsAre;

class Listener {
  public:
    explicit Listener(const std::filesystem::path& path) : socket_(socket(AF_UNIX, SOCK_STREAM, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::ranges::copy(path.native(), std::begin(address.sun_path));
        EXPECT_EQ(bind(socket_, std::bit_cast<const sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(listen(socket_, 1), 0);
    }
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    ~Listener() { close(socket_); }

  private:
    int socket_;
};

class Messages final : public operation::Reporter {
  public:
    void log(operation::Level /*level*/, std::string_view message,
             const nlohmann::json& /*fields*/) override {
        all.emplace_back(message);
    }
    void plan(const operation::Plan& /*plan*/, bool /*dry_run*/) override {}
    void progress(const operation::Progress& /*progress*/) override {}
    void step_done(const operation::Step& /*step*/, const operation::Amounts& /*counts*/,
                   std::chrono::milliseconds /*took*/) override {}
    void result(std::string_view /*text*/, const nlohmann::json& /*data*/) override {}
    void error(const Error& /*error*/) override {}
    std::vector<std::string> all;
};

// A home with a deployment in its default folder.
class Discovery : public ::testing::Test {
  protected:
    Discovery() {
        surroundings_.environment["HOME"] = home_.path();
        surroundings_.environment["TTI_LW_SYSTEM_DATA"] = "/nowhere";
        layout_ = {home_.path() / ".local/share/tti-lw-stack"};
        std::filesystem::create_directories(layout_.run());
        write_private_file(layout_.record(), to_json(record_), std::nullopt);
        declare_addresses(values_);
        declare_addresses(decisive_);
    }
    void adjust(settings::Values& values) { choose(decisive_, surroundings_)(values, messages_); }
    static void declare_addresses(settings::Values& values) {
        values.declare({.name = "is.database-uri",
                        .type = settings::Type::secret_text,
                        .default_text = "postgresql://default/"});
        values.declare({.name = "redis.address", .default_text = "localhost:6379"});
        values.declare({.name = "redis.password", .type = settings::Type::secret_text});
    }
    const test::TemporaryFolder home_;
    settings::Surroundings surroundings_;
    Layout layout_;
    const Record record_{20001, Secret("first"), 20002, Secret("second")};
    settings::Values values_;
    settings::Values decisive_;
    Messages messages_;
};

TEST_F(Discovery, FindsADeploymentWhoseServersListen) {
    const Listener postgres(layout_.postgres_socket(20001));
    const Listener redis(layout_.redis_socket());
    const auto found = discover(surroundings_);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->folder, layout_.folder);
    EXPECT_EQ(found->redis_address, "127.0.0.1:20002");
}

TEST_F(Discovery, FindsNothingWhereOneServerIsDown) {
    const Listener redis(layout_.redis_socket());
    EXPECT_FALSE(discover(surroundings_));
}

TEST_F(Discovery, FindsNothingInADamagedRecordAndDoesNotThrow) {
    write_private_file(layout_.record(), "{", std::nullopt);
    EXPECT_FALSE(discover(surroundings_));
}

TEST_F(Discovery, FillsTheAddressesAndSaysSo) {
    const Listener postgres(layout_.postgres_socket(20001));
    const Listener redis(layout_.redis_socket());
    adjust(values_);
    EXPECT_EQ(values_.secret("is.database-uri").reveal(), database_uri(record_).reveal());
    EXPECT_EQ(values_.text("redis.address"), "127.0.0.1:20002");
    EXPECT_EQ(values_.secret("redis.password").reveal(), "second");
    EXPECT_EQ(values_.source("is.database-uri").origin, settings::Origin::local_deployment);
    EXPECT_THAT(messages_.all, ElementsAre("using the local deployment in " + layout_.folder.string()));
}

TEST_F(Discovery, LeavesAloneWhatSomebodyGave) {
    const Listener postgres(layout_.postgres_socket(20001));
    const Listener redis(layout_.redis_socket());
    decisive_.set("is.database-uri", Secret("postgresql://elsewhere/"), {settings::Origin::file, "a file"});
    values_ = decisive_;
    adjust(values_);
    EXPECT_EQ(values_.secret("is.database-uri").reveal(), "postgresql://elsewhere/");
    EXPECT_EQ(values_.text("redis.address"), "localhost:6379");
    EXPECT_TRUE(messages_.all.empty());
}

TEST_F(Discovery, HeedsASettingThatTheCommandDoesNotRead) {
    const Listener postgres(layout_.postgres_socket(20001));
    const Listener redis(layout_.redis_socket());
    decisive_.set("redis.address", std::string("elsewhere:6379"), {settings::Origin::file, "a file"});
    settings::Values values;
    values.declare({.name = "is.database-uri", .type = settings::Type::secret_text});
    adjust(values);
    EXPECT_FALSE(values.has("is.database-uri"));
}

TEST_F(Discovery, DoesNothingForACommandWithoutAddresses) {
    const Listener postgres(layout_.postgres_socket(20001));
    const Listener redis(layout_.redis_socket());
    settings::Values values;
    adjust(values);
    EXPECT_TRUE(messages_.all.empty());
}

}  // namespace
}  // namespace tti::local
