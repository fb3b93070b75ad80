#include <csignal>
#include <fstream>
#include <memory>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "local/private_file.hpp"
#include "sample.hpp"
#include "util/error.hpp"

namespace tti::local {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using namespace std::chrono_literals;

// All these tests begin with a running deployment; they share one, since making one takes longest.
class Running : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { shared = std::make_unique<test::Sample>(); }
    static void TearDownTestSuite() { shared.reset(); }
    void SetUp() override { shared->up(); }
    static inline std::unique_ptr<test::Sample> shared;
    test::Sample& sample_ = *shared;
};

TEST_F(Running, IsLeftAsItIs) {
    const auto record = read_file(sample_.site.layout.record());
    const auto process = sample_.postgres();
    const auto state = sample_.up();
    EXPECT_TRUE(state.running());
    EXPECT_FALSE(state.created_database);
    EXPECT_FALSE(state.servers[0].changed);
    EXPECT_FALSE(state.servers[1].changed);
    EXPECT_EQ(read_file(sample_.site.layout.record()), record);
    EXPECT_EQ(sample_.postgres(), process);
    EXPECT_TRUE(look(sample_.site, sample_.stop).running());
    EXPECT_TRUE(plan_up(sample_.site).steps.empty());
    EXPECT_EQ(plan_down(sample_.site).steps.size(), 2U);
}

TEST_F(Running, HasTheSettingsOfADatabaseThatMatters) {
    EXPECT_EQ(sample_.query("SHOW fsync"), "on");
    EXPECT_EQ(sample_.query("SHOW listen_addresses"), "127.0.0.1");
    EXPECT_EQ(sample_.query("SHOW data_checksums"), "on");
    EXPECT_EQ(sample_.query("SELECT current_user || ' ' || current_database()"), "tti ttn_lorawan");
    // Else the schema of the user's name, which is the program's, would be the stack's.
    EXPECT_EQ(sample_.query("SHOW search_path"), "public");
    EXPECT_EQ(sample_.query("SELECT left(rolpassword, 13) FROM pg_authid WHERE rolname = 'tti'"),
              "SCRAM-SHA-256");
    EXPECT_THAT(sample_.redis_command({"INFO"}), HasSubstr("aof_enabled:1"));
    EXPECT_THAT(sample_.redis_command({"INFO"}), HasSubstr("maxmemory_policy:noeviction"));
}

TEST_F(Running, LetsNobodyInWithoutThePassword) {
    auto record = require_record(sample_.site);
    record.postgres_password = Secret("wrong");
    for (const auto& text : {database_uri(record), socket_uri(sample_.site.layout, record, "postgres")}) {
        const auto uri = postgres::Uri::parse(text.reveal());
        EXPECT_THROW(postgres::Connection(*uri, {.context = "test"}, sample_.stop), Error);
    }
    auto target = redis_target(sample_.site.layout, record);
    for (const auto* password : {"", "wrong"}) {
        target.password = Secret(password);
        EXPECT_THROW(redis::Connection(target, {.context = "test"}, sample_.stop).call("PING"),
                     redis::ServerError);
    }
}

TEST_F(Running, KeepsItsDataWhenBothServersAreKilled) {
    sample_.query("CREATE TABLE kept AS SELECT 42 AS answer");
    ASSERT_EQ(sample_.redis_command({"SET", "kept", "43"}), "OK");
    ASSERT_EQ(kill(sample_.postgres(), SIGKILL), 0);
    ASSERT_EQ(kill(sample_.redis(), SIGKILL), 0);
    const auto state = sample_.up();
    EXPECT_TRUE(state.servers[0].changed);
    EXPECT_TRUE(state.servers[1].changed);
    EXPECT_EQ(sample_.query("SELECT answer FROM kept"), "42");
    EXPECT_EQ(sample_.redis_command({"GET", "kept"}), "43");
}

// A process of the servers' user that is no PostgreSQL, as after a reboot.
pid_t start_stranger(const Site& site) {
    const pid_t process = fork();
    if (process == 0) {
        if (!site.switch_account || setuid(site.servers.user) == 0) {
            pause();
        }
        _exit(1);
    }
    return process;
}

TEST_F(Running, StartsOverAProcessFileWhoseNumberIsNowAnothers) {
    ASSERT_EQ(kill(sample_.postgres(), SIGKILL), 0);
    while (sample_.postgres() != 0) {
        std::this_thread::sleep_for(5ms);
    }
    const pid_t stranger = start_stranger(sample_.site);
    const auto file = sample_.site.layout.postgres() / "postmaster.pid";
    const auto text = read_file(file).value();
    std::ofstream(file) << stranger << text.substr(text.find('\n'));
    EXPECT_TRUE(sample_.up().running());
    kill(stranger, SIGKILL);
    waitpid(stranger, nullptr, 0);
}

TEST_F(Running, TakesAnotherPortWhenItsOwnIsTaken) {
    take_down(sample_.site, 10s, sample_.stop);
    auto record = require_record(sample_.site);
    const int before = record.redis_port;
    // PostgreSQL gets the port that Redis had: taken by the time that Redis starts.
    record.postgres_port = before;
    save_record(sample_.site, record);
    EXPECT_TRUE(sample_.up().running());
    EXPECT_EQ(require_record(sample_.site).postgres_port, before);
    EXPECT_NE(require_record(sample_.site).redis_port, before);
}

TEST_F(Running, StopsAndTellsIt) {
    const auto state = take_down(sample_.site, 10s, sample_.stop);
    EXPECT_TRUE(state.servers[0].changed);
    EXPECT_TRUE(state.servers[1].changed);
    EXPECT_EQ(sample_.postgres(), 0);
    EXPECT_EQ(sample_.redis(), 0);
    EXPECT_FALSE(look(sample_.site, sample_.stop).running());
    EXPECT_FALSE(take_down(sample_.site, 10s, sample_.stop).servers[0].changed);
}

TEST_F(Running, KeepsItsPasswordsToItself) {
    const auto& layout = sample_.site.layout;
    const auto record = require_record(sample_.site);
    for (const auto* log : {"postgresql.log", "redis.log"}) {
        const auto text = read_file(layout.logs() / log).value();
        EXPECT_THAT(text, Not(HasSubstr(record.postgres_password.reveal())));
        EXPECT_THAT(text, Not(HasSubstr(record.redis_password.reveal())));
    }
    for (const auto& file : {layout.record(), layout.redis_settings()}) {
        struct stat found {};
        ASSERT_EQ(stat(file.c_str(), &found), 0);
        EXPECT_EQ(found.st_mode & 0777U, 0600U) << file;
    }
    EXPECT_FALSE(std::filesystem::exists(layout.initial_password()));
}

}  // namespace
}  // namespace tti::local
