#include <array>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "key_space/undo.hpp"
#include "support/redis_database.hpp"
#include "support/restore_command.hpp"

namespace tti::key_space {
namespace {

using test::Outcome;
using test::RedisDatabase;
using testing::HasSubstr;

// Removes parts of keys, as a cleanup does, and writes them down.
class RemoveParts final : public operation::Operation {
  public:
    explicit RemoveParts(Session& session, const undo::Place& place)
        : session_(session), undo_(session, place, "ns-db cleanup") {}
    operation::Plan plan() override {
        operation::Step step{.name = "remove", .what = "remove", .why = "it is a test"};
        step.run = [this](operation::StepContext&) { run(); };
        return {.title = "remove parts", .steps = {step}};
    }
    std::string result_text() override { return "done"; }
    nlohmann::json result_data() override { return {{"undo_file", undo_.file()}}; }

  private:
    void run() {
        const std::array<std::string, 2> entry{"payload", "later"};
        undo_.begin_batch();
        undo_.field("hash", "field", "value");
        undo_.scored("zset", "member", "17");
        undo_.member("set", "member");
        undo_.end_batch();
        undo_.begin_batch();
        undo_.entry("stream", "1-1", entry);
        undo_.end_batch();
        for (const auto& words : std::vector<std::vector<std::string>>{{"HDEL", "hash", "field"},
                                                                       {"ZREM", "zset", "member"},
                                                                       {"SREM", "set", "member"},
                                                                       {"XDEL", "stream", "1-1"}}) {
            session_.connection().call(words[0], words[1], words[2]);
        }
    }
    Session& session_;
    UndoRows undo_;
};

cli::Command remove_parts() {
    return {.name = "remove",
            .options = undo::place_options(),
            .settings = with_redis_settings(),
            .effect = cli::Effect::writes,
            .run = [](cli::Context& context) {
                return run_writing(context, operation::Area::network_server, [&](Session& session) {
                    return std::make_unique<RemoveParts>(session, undo::place(context));
                });
            }};
}

class RestoreTest : public testing::Test {
  protected:
    RestoreTest() {
        folder_ = std::filesystem::temp_directory_path() / ("restore-" + std::to_string(::getpid()));
        std::filesystem::remove_all(folder_);
        call("HSET", "hash", "field", "value", "other", "stays");
        call("ZADD", "zset", "17", "member", "18", "stays");
        call("SADD", "set", "member", "stays");
        call("XADD", "stream", "1-1", "payload", "later");
        call("XADD", "stream", "2-1", "payload", "stays");
    }
    ~RestoreTest() override { std::filesystem::remove_all(folder_); }

    template <typename... Words>
    redis::Reply call(const Words&... words) {
        return database_.connection().call(words...);
    }
    std::string removed() {
        return database_.must_run(remove_parts(), {{"undo-to", folder_.string()}}).data["undo_file"];
    }
    Outcome restore(const std::string& file, std::vector<settings::FlagText> flags = {}) {
        flags.push_back({"file", file});
        return database_.run(test::restore_command(), flags);
    }
    Outcome restore_text(const std::string& content) {
        std::filesystem::create_directories(folder_);
        const auto file = folder_ / "written.undo";
        std::ofstream(file) << content;
        return restore(file.string());
    }

    RedisDatabase database_;
    std::filesystem::path folder_;
};

TEST_F(RestoreTest, BringsPartsOfKeysBack) {
    const auto before = database_.state();
    const auto file = removed();
    const auto outcome = restore(file);
    EXPECT_EQ(outcome.data["restored"], 4) << outcome.error;
    EXPECT_EQ(call("HGET", "hash", "field")->text(), "value");
    EXPECT_EQ(call("ZSCORE", "zset", "member")->text(), "17");
    EXPECT_EQ(call("SISMEMBER", "set", "member")->integer(), 1);
    // An entry comes back under a new ID, once.
    const auto again = restore(file);
    EXPECT_THAT(again.text, HasSubstr("nothing to do: everything is there"));
    EXPECT_EQ(call("XLEN", "stream")->integer(), 2);
    const auto entries = call("XREVRANGE", "stream", "+", "-", "COUNT", "1");
    EXPECT_EQ(entries.view()[0][1][1].text(), "later");
}

TEST_F(RestoreTest, TellsWhatHasChanged) {
    const auto file = removed();
    call("HSET", "hash", "field", "newer");
    const auto before = database_.state();
    const auto outcome = restore(file);
    EXPECT_EQ(outcome.code, ExitCode::refused);
    EXPECT_THAT(outcome.error, HasSubstr("1 of the file's rows have another value by now, such as hash"));
    EXPECT_THAT(outcome.hint, HasSubstr("--overwrite"));
    EXPECT_EQ(database_.state(), before);
}

TEST_F(RestoreTest, LeavesWhatHasChanged) {
    const auto file = removed();
    call("HSET", "hash", "field", "newer");
    EXPECT_EQ(restore(file, {{"keep-changed", "true"}}).data["restored"], 3);
    EXPECT_EQ(call("HGET", "hash", "field")->text(), "newer");
    EXPECT_EQ(call("SISMEMBER", "set", "member")->integer(), 1);
    EXPECT_THAT(restore(file, {{"keep-changed", "true"}}).text, HasSubstr("nothing to do"));
}

TEST_F(RestoreTest, ReplacesWhatHasChanged) {
    const auto file = removed();
    call("HSET", "hash", "field", "newer");
    EXPECT_EQ(restore(file, {{"overwrite", "true"}}).code, ExitCode::refused) << "nobody agreed";
    EXPECT_EQ(restore(file, {{"overwrite", "true"}, {"yes", "true"}}).data["replaced"], 1);
    EXPECT_EQ(call("HGET", "hash", "field")->text(), "value");
}

TEST_F(RestoreTest, PlansWithoutChangingAnything) {
    const auto file = removed();
    const auto before = database_.state();
    const auto outcome = restore(file, {{"dry-run", "true"}});
    EXPECT_EQ(outcome.code, ExitCode::done);
    ASSERT_EQ(outcome.plan.steps.size(), 1);
    EXPECT_EQ(outcome.plan.steps[0].touches, (operation::Amounts{{"rows", 4}}));
    EXPECT_EQ(database_.state(), before);
}

TEST_F(RestoreTest, RefusesWhatIsNoFileOfRedis) {
    const std::string start = R"(\# {"format":"tti-lw-stack undo","version":1,)";
    EXPECT_EQ(restore("/nonexistent/file").code, ExitCode::usage);
    EXPECT_EQ(restore_text("hello\n").code, ExitCode::usage);
    const auto other = restore_text(start + R"("command":"is-db cleanup"})" + "\n");
    EXPECT_EQ(other.code, ExitCode::usage);
    EXPECT_THAT(other.error, HasSubstr("was written by \"is-db cleanup\""));
    EXPECT_EQ(restore_text(start + R"("command":"xy-db purge","database":"redis"})" + "\n").code,
              ExitCode::usage);
    const auto damaged = restore_text(
        start + R"("command":"ns-db purge","database":"redis","name_space":"ttn:v3:"})" +
        "\n\\# {\"batch\":1}\n\\# {\"section\":\"rows\"}\nkey\ta\n\\# {\"end\":1,\"rows\":{\"rows\":1}}\n");
    EXPECT_EQ(damaged.code, ExitCode::usage);
    EXPECT_THAT(damaged.error, HasSubstr("a row \"key\" of 2 fields"));
}

}  // namespace
}  // namespace tti::key_space
