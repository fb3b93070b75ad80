#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "key_space/purge_operation.hpp"
#include "support/redis_database.hpp"
#include "support/restore_command.hpp"

namespace tti::key_space {
namespace {

using lorawan::KeyKind;
using test::Outcome;
using test::RedisDatabase;
using testing::HasSubstr;

// What the purges of the servers have in common, on the keys of one of them.
cli::Command purge_command() {
    return {.name = "purge",
            .options = purge_options(),
            .settings = with_redis_settings(),
            .effect = cli::Effect::writes,
            .run = [](cli::Context& context) {
                const auto place = undo::place(context);
                return run_writing(context, operation::Area::network_server, [&](Session& session) {
                    return std::make_unique<PurgeOperation>(
                        session,
                        Purge{.command = "ns-db purge",
                              .title = "purge",
                              .why = "it is old",
                              .nothing = "there is none",
                              .kinds = {KeyKind::ns_legacy_uplinks, KeyKind::ns_legacy_invalidation,
                                        KeyKind::ns_legacy_application_task, KeyKind::dcs_any}},
                        place);
                });
            }};
}

class PurgeTest : public testing::Test {
  protected:
    PurgeTest() {
        folder_ = std::filesystem::temp_directory_path() / ("purge-" + std::to_string(::getpid()));
        std::filesystem::remove_all(folder_);
    }
    ~PurgeTest() override { std::filesystem::remove_all(folder_); }

    template <typename... Words>
    void call(const Words&... words) {
        database_.connection().call(words...);
    }

    // A key of every type of Redis, with bytes of every value, a TTL, and groups with something pending.
    void fill_every_type() {
        std::string bytes;
        for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
        call("SET", "ttn:v3:dcs:string", bytes);
        call("SET", "ttn:v3:dcs:soon", "x", "PX", "600000");
        call("RPUSH", "ttn:v3:dcs:list", "a", bytes, "");
        call("SADD", "ttn:v3:dcs:set", "only");
        call("ZADD", "ttn:v3:dcs:zset", "1.5", "a", "-inf", bytes);
        call("HSET", "ttn:v3:dcs:hash", "field", bytes);
        call("SET", "ttn:v3:dcs:na\tme\nwith\\odd", "bytes");
        const std::string stream = "ttn:v3:ns:application-uplinks:uid:app1:uplinks";
        for (int entry = 0; entry < 5; ++entry) call("XADD", stream, "*", "payload", bytes);
        call("XGROUP", "CREATE", stream, "ns", "0");
        call("XREADGROUP", "GROUP", "ns", "host:1", "COUNT", "3", "STREAMS", stream, ">");
        call("XADD", "ttn:v3:ns:application-uplinks:application:input", "*", "payload", "app1");
    }
    void fill_many(int number) {
        redis::Commands commands;
        for (int key = 0; key < number; ++key) {
            commands.add("SET", "ttn:v3:dcs:key:" + std::to_string(key), "value " + std::to_string(key));
        }
        database_.connection().pipeline(commands);
    }
    // What no purge may touch.
    void fill_others() {
        call("SET", "ttn:v3:ns:devices:uid:app1.dev1", "record");
        call("XADD", "ttn:v3:ns:application-uplinks:uplinks", "*", "uid", "app1.dev1");
        call("SET", "ttn:v3:acme:dcs:string", "another tenant's");
        call("SET", "other:dcs:string", "another deployment's");
    }

    [[nodiscard]] std::vector<settings::FlagText> flags() const {
        return {{"yes", "true"}, {"undo-to", folder_.string()}};
    }
    [[nodiscard]] static Outcome restored(const RedisDatabase& database, const Outcome& purged,
                                          std::vector<settings::FlagText> flags = {}) {
        flags.push_back({"file", purged.data.at("undo_file").get<std::string>()});
        return database.run(test::restore_command(), flags);
    }

    RedisDatabase database_;
    std::filesystem::path folder_;
};

TEST_F(PurgeTest, RemovesWholeKeysAndNothingElse) {
    fill_others();
    const auto others = database_.state();
    fill_every_type();
    const auto outcome = database_.must_run(purge_command(), flags());
    EXPECT_EQ(outcome.data["keys_removed"], 9);
    EXPECT_EQ(database_.state(), others);
    ASSERT_EQ(outcome.plan.steps.size(), 1);
    EXPECT_EQ(outcome.plan.steps[0].touches.size(), 3);
    EXPECT_THAT(outcome.plan.confirmation, HasSubstr("tti-lw-stack restore brings them back"));
}

TEST_F(PurgeTest, IsBroughtBackByteForByte) {
    fill_every_type();
    const auto before = database_.state();
    const auto purged = database_.must_run(purge_command(), flags());
    EXPECT_NE(database_.state(), before);
    struct stat status {};
    ASSERT_EQ(::stat(purged.data["undo_file"].get<std::string>().c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777U, 0600U);

    const auto outcome = restored(database_, purged);
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(outcome.data["restored"], 9);
    auto after = database_.state();
    ASSERT_EQ(after.size(), before.size());
    EXPECT_GT(database_.connection().call("PTTL", "ttn:v3:dcs:soon")->integer(), 500'000);
    call("PERSIST", "ttn:v3:dcs:soon");
    for (const auto& [key, value] : before) {
        if (key == "ttn:v3:dcs:soon") continue;  // its expiry differs
        EXPECT_EQ(after[key], value) << key;
    }
    const auto again = restored(database_, purged);
    EXPECT_THAT(again.text, HasSubstr("nothing to do: everything is there"));
}

TEST_F(PurgeTest, KeepsNothingWhenTold) {
    fill_many(3000);
    const auto outcome = database_.must_run(purge_command(), {{"yes", "true"}, {"no-undo", "true"}});
    EXPECT_EQ(outcome.data["keys_removed"], 3000);
    EXPECT_FALSE(outcome.data.contains("undo_file"));
    EXPECT_TRUE(outcome.plan.steps[0].destroys);
    EXPECT_TRUE(database_.state().empty());
    EXPECT_THAT(database_.must_run(purge_command(), flags()).text, HasSubstr("nothing to do: there is none"));
    EXPECT_FALSE(std::filesystem::exists(folder_));
}

TEST_F(PurgeTest, AsksFirst) {
    fill_many(2);
    const auto before = database_.state();
    EXPECT_EQ(database_.run(purge_command(), {{"undo-to", folder_.string()}}).code, ExitCode::refused);
    database_.given.answer = false;
    EXPECT_EQ(database_.run(purge_command(), {{"undo-to", folder_.string()}}).code, ExitCode::refused);
    EXPECT_EQ(database_.state(), before);
    database_.given.answer = true;
    EXPECT_EQ(database_.run(purge_command(), {{"undo-to", folder_.string()}}).code, ExitCode::done);
    EXPECT_TRUE(database_.state().empty());
}

TEST_F(PurgeTest, PlansWithoutChangingAnything) {
    fill_every_type();
    const auto before = database_.state();
    const auto outcome =
        database_.must_run(purge_command(), {{"dry-run", "true"}, {"undo-to", folder_.string()}});
    EXPECT_EQ(outcome.plan.steps.size(), 1);
    EXPECT_EQ(database_.state(), before);
    EXPECT_FALSE(database_.exists("ttn:v3:tti:operations"));
    EXPECT_FALSE(std::filesystem::exists(folder_));
}

TEST_F(PurgeTest, WorksInATenantsNameSpaceAlone) {
    fill_others();
    fill_many(2);
    auto tenant = flags();
    tenant.push_back({"tenant-id", "acme"});
    const auto purged = database_.must_run(purge_command(), tenant);
    EXPECT_EQ(purged.data["keys_removed"], 1);
    EXPECT_FALSE(database_.exists("ttn:v3:acme:dcs:string"));
    EXPECT_TRUE(database_.exists("ttn:v3:dcs:key:1"));
    const auto elsewhere = restored(database_, purged);
    EXPECT_EQ(elsewhere.code, ExitCode::usage);
    EXPECT_THAT(elsewhere.error, HasSubstr("ttn:v3:acme:"));
    EXPECT_EQ(restored(database_, purged, {{"tenant-id", "acme"}}).data["restored"], 1);
    EXPECT_EQ(database_.get("ttn:v3:acme:dcs:string"), "another tenant's");
}

TEST_F(PurgeTest, KeepsAPace) {
    fill_many(300);
    auto slowly = flags();
    slowly.push_back({"rate", "1000/s"});
    const auto start = std::chrono::steady_clock::now();
    database_.must_run(purge_command(), slowly);
    EXPECT_GT(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(150));
}

// The same command again ends where an undisturbed run would, and what is gone is in one of the files.
class KilledPurgeTest : public PurgeTest, public testing::WithParamInterface<const char*> {};

TEST_P(KilledPurgeTest, IsContinuedByTheSameCommand) {
    fill_many(9000);
    fill_others();
    const auto before = database_.state();
    const auto command = "dcs-db purge --yes --undo-to=" + folder_.string();
    ASSERT_TRUE(database_.is_killed(command, GetParam()));
    call("UNLINK", "ttn:v3:tti:lock:dcs");  // instead of waiting for it to expire
    EXPECT_FALSE(database_.is_killed(command, ""));
    EXPECT_EQ(database_.state().size(), 4);
    for (const auto& file : std::filesystem::directory_iterator(folder_)) {
        const auto outcome = database_.run(test::restore_command(), {{"file", file.path().string()}});
        EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    }
    EXPECT_EQ(database_.state(), before);
}

INSTANTIATE_TEST_SUITE_P(Everywhere, KilledPurgeTest,
                         testing::Values("before purge", "before undo batch end", "before undo batch end:3",
                                         "before unlink:1", "before unlink:4", "after unlink:2",
                                         "safe point:2"));

class KilledRestoreTest : public PurgeTest, public testing::WithParamInterface<const char*> {};

TEST_P(KilledRestoreTest, IsContinuedByTheSameCommand) {
    fill_many(2000);
    const auto before = database_.state();
    auto purged = database_.must_run(purge_command(), flags());
    const auto file = purged.data["undo_file"].get<std::string>();
    ASSERT_TRUE(database_.is_killed("restore " + file, GetParam()));
    call("UNLINK", "ttn:v3:tti:lock:ns");
    const auto outcome = restored(database_, purged);
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(database_.state(), before);
}

INSTANTIATE_TEST_SUITE_P(Everywhere, KilledRestoreTest,
                         testing::Values("before restore rows", "before restore rows:3", "after restore rows",
                                         "after restore rows:2"));

}  // namespace
}  // namespace tti::key_space
