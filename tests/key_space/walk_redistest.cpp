#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "key_space/remove_unchanged.hpp"
#include "key_space/remove_watched.hpp"
#include "key_space/undo.hpp"
#include "key_space/undo_row.hpp"
#include "key_space/values.hpp"
#include "key_space/versions.hpp"
#include "key_space/walk.hpp"
#include "support/fault_proxy.hpp"
#include "support/redis_database.hpp"
#include "support/redis_server.hpp"
#include "util/error.hpp"

namespace tti::key_space {
namespace {

using lorawan::KeyKind;
using test::RedisDatabase;
using testing::HasSubstr;

// Runs `body` on a session, as a step of an operation does.
class Body final : public operation::Operation {
  public:
    using Function = std::function<void(Session&, operation::StepContext&)>;
    Body(Session& session, Function body) : session_(session), body_(std::move(body)) {}
    operation::Plan plan() override {
        operation::Step step{.name = "body", .what = "test", .why = "it is a test"};
        step.run = [this](operation::StepContext& context) { body_(session_, context); };
        return {.title = "test", .steps = {step}};
    }
    std::string result_text() override { return "done"; }
    nlohmann::json result_data() override { return nlohmann::json::object(); }

  private:
    Session& session_;
    Function body_;
};

class WalkTest : public testing::Test {
  protected:
    test::Outcome run(const Body::Function& body, const std::vector<settings::FlagText>& flags = {}) {
        auto options = bulk_options();
        for (auto& option : undo::place_options()) options.push_back(option);
        const cli::Command command{
            .name = "test",
            .options = options,
            .settings = with_redis_settings(),
            .effect = cli::Effect::writes,
            .run = [&](cli::Context& context) {
                return run_writing(context, operation::Area::network_server,
                                   [&](Session& session) { return std::make_unique<Body>(session, body); });
            }};
        return database_.run(command, flags);
    }
    void must(const Body::Function& body, const std::vector<settings::FlagText>& flags = {}) {
        const auto outcome = run(body, flags);
        EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    }
    void fill(int number) {
        redis::Commands commands;
        for (int key = 0; key < number; ++key) commands.add("SET", name(key), std::to_string(key));
        database_.connection().pipeline(commands);
    }
    static std::string name(int key) { return "ttn:v3:ns:devices:uid:app1.dev" + std::to_string(key); }

    RedisDatabase database_;
};

TEST_F(WalkTest, HandsOutEveryKeyOfTheKindsInPortions) {
    fill(5000);
    database_.set("ttn:v3:ns:devices:uid:app1.dev1:lock", "x");
    database_.set("ttn:v3:ns:devices:eui:0000000000000001:0000000000000002", "app1.dev1");
    database_.set("ttn:v3:as:devices:uid:app1.dev1", "x");
    database_.set("short", "x");
    must([](Session& session, operation::StepContext& step) {
        std::set<std::string> seen;
        walk(session, {.kinds = {KeyKind::ns_device, KeyKind::ns_eui}}, {.step = &step, .most = 100},
             [&](std::span<const FoundKey> page) {
                 EXPECT_LE(page.size(), 100);
                 for (const auto& found : page) {
                     seen.insert(found.key);
                     const auto part = found.match.parts[0];
                     EXPECT_GE(part.data(), found.key.data());
                     EXPECT_LE(part.data() + part.size(), found.key.data() + found.key.size());
                 }
             });
        EXPECT_EQ(seen.size(), 5001);
    });
}

TEST_F(WalkTest, GoesOnFromACheckpointAtTheSameServerAlone) {
    fill(5000);
    must([&](Session& session, operation::StepContext& step) {
        Checkpoint checkpoint(session, "ns-db test");
        EXPECT_EQ(checkpoint.cursor(), "0");
        redis::Scan scan(session.connection(), {});
        std::vector<std::string> keys;
        for (int page = 0; page < 3; ++page) scan.next(keys);
        checkpoint.save(scan.cursor(), 3000);
        EXPECT_EQ(Checkpoint(session, "ns-db test").cursor(), scan.cursor());
        EXPECT_EQ(Checkpoint(session, "ns-db other").cursor(), "0");
        EXPECT_GT(session.connection().call("TTL", "ttn:v3:tti:checkpoint:ns-db-test")->integer(), 80'000);
        std::size_t seen = 0;
        walk(session, {.kinds = {KeyKind::ns_device}, .checkpoint = &checkpoint}, {.step = &step},
             [&](std::span<const FoundKey> page) { seen += page.size(); });
        EXPECT_LT(seen, 3000);
        EXPECT_GT(seen, 1000);
        EXPECT_EQ(checkpoint.cursor(), "0") << "a walk that came to its end leaves none";
        session.connection().call("SET", "ttn:v3:tti:checkpoint:ns-db-test",
                                  R"({"cursor":"17","run_id":"another process","done":1})");
        EXPECT_EQ(checkpoint.cursor(), "0");
    });
}

TEST_F(WalkTest, HandsOutTheValuesOfRecords) {
    fill(5000);
    database_.connection().call("RPUSH", name(5000), "no string");
    database_.set("ttn:v3:ns:devices:uid:app1.large", std::string(3 << 20, 'x'));
    must([](Session& session, operation::StepContext& step) {
        std::map<std::string, std::string> seen;
        const auto end = walk_records(
            session, {.kinds = {KeyKind::ns_device}}, {.step = &step, .most = 100},
            [&](std::span<const FoundKey> page, std::span<const std::optional<std::string_view>> values) {
                EXPECT_LE(page.size(), 100);
                ASSERT_EQ(page.size(), values.size());
                // What the page does on the connection does not touch what is under way.
                EXPECT_EQ(session.connection().call("PING")->text(), "PONG");
                for (std::size_t index = 0; index < page.size(); ++index)
                    seen[page[index].key] = values[index].value_or("none");
            });
        EXPECT_TRUE(end.complete);
        EXPECT_EQ(seen.size(), 5002);
        EXPECT_EQ(seen.at(name(4711)), "4711");
        EXPECT_EQ(seen.at(name(5000)), "none");
        EXPECT_EQ(seen.at("ttn:v3:ns:devices:uid:app1.large").size(), 3 << 20);
    });
}

TEST_F(WalkTest, HandsOutRecordsAcrossLostConnections) {
    fill(5000);
    test::FaultProxy proxy(database_.address());
    database_.given.environment["TTN_LW_REDIS_ADDRESS"] = proxy.socket();
    must([&](Session& session, operation::StepContext& step) {
        std::map<std::string, std::string> seen;
        int pages = 0;
        walk_records(session, {.kinds = {KeyKind::ns_device}}, {.step = &step}, [&](auto page, auto values) {
            proxy.cut_after(static_cast<std::size_t>(++pages) * 997 % 30'000);
            for (std::size_t index = 0; index < page.size(); ++index)
                seen[page[index].key] = values[index].value_or("none");
        });
        EXPECT_EQ(seen.size(), 5000);
        for (int key = 0; key < 5000; ++key) EXPECT_EQ(seen[name(key)], std::to_string(key));
    });
    EXPECT_GT(proxy.connections(), 8);
}

TEST_F(WalkTest, NotesOnlyPagesThatAreFinished) {
    fill(5000);
    must([&](Session& session, operation::StepContext& step) {
        Checkpoint checkpoint(session, "ns-db test");
        std::set<std::string> seen;
        const auto note = [&](auto page, auto) {
            for (const auto& found : page) seen.insert(found.key);
            std::this_thread::sleep_for(std::chrono::milliseconds(350));
            if (seen.size() > 2500) throw LockedError("as if it was killed here", "");
        };
        EXPECT_THROW(walk_records(session, {.kinds = {KeyKind::ns_device}, .checkpoint = &checkpoint},
                                  {.step = &step}, note),
                     LockedError);
        EXPECT_NE(checkpoint.cursor(), "0");
        std::set<std::string> after;
        walk_records(session, {.kinds = {KeyKind::ns_device}, .checkpoint = &checkpoint}, {.step = &step},
                     [&](auto page, auto) {
                         for (const auto& found : page) after.insert(found.key);
                     });
        EXPECT_LT(after.size(), 5000);
        seen.insert(after.begin(), after.end());
        EXPECT_EQ(seen.size(), 5000);
    });
}

// A cursor means nothing to the process that took the server's place.
TEST_F(WalkTest, NotesNoPlaceOfAnotherProcess) {
    test::RedisServer server({"--appendonly", "yes"});
    util::NeverStop never;
    redis::Connection filling(server.target(), {.context = "test"}, never);
    for (int key = 0; key < 3000; ++key) filling.call("SET", name(key), "1");
    database_.given.environment["TTN_LW_REDIS_ADDRESS"] = server.socket();
    must([&](Session& session, operation::StepContext& step) {
        Checkpoint checkpoint(session, "ns-db test");
        std::size_t seen = 0;
        const auto restart = [&](auto page, auto) {
            seen += page.size();
            // The first page of the other process.
            if (seen > redis::scan_count + 100) throw LockedError("as if it was killed here", "");
            if (seen > page.size()) return;
            server.stop(true);
            server.start();
            session.connection().call("PING");
            std::this_thread::sleep_for(std::chrono::milliseconds(1100));
        };
        EXPECT_THROW(walk_records(session, {.kinds = {KeyKind::ns_device}, .checkpoint = &checkpoint},
                                  {.step = &step}, restart),
                     LockedError);
        EXPECT_EQ(checkpoint.cursor(), "0");
    });
}

TEST_F(WalkTest, EndsASampleEarly) {
    fill(5000);
    must([](Session& session, operation::StepContext&) {
        std::size_t seen = 0;
        const auto count = [&](auto page, auto) { seen += page.size(); };
        auto end = walk_records(session, {.kinds = {KeyKind::ns_device}, .most_pages = 2}, {}, count);
        EXPECT_FALSE(end.complete);
        EXPECT_EQ(end.pages, 2);
        EXPECT_NEAR(static_cast<double>(seen), 2048, 100);
        end = walk_records(session, {.kinds = {KeyKind::ns_device}, .most_pages = 50}, {}, count);
        EXPECT_TRUE(end.complete);
    });
}

TEST_F(WalkTest, EndsBeforeTheNextBatchWhereTheRunLockIsLost) {
    fill(3000);
    std::size_t pages = 0;
    const auto outcome = run([&](Session& session, operation::StepContext& step) {
        walk(session, {.kinds = {KeyKind::ns_device}}, {.step = &step}, [&](std::span<const FoundKey>) {
            if (++pages > 1) return;
            session.connection().call("SET", "ttn:v3:tti:lock:ns",
                                      R"({"token":"X","user":"eve","host":"db2","pid":9,"command":"other"})");
            std::this_thread::sleep_for(std::chrono::milliseconds(1500));
        });
    });
    EXPECT_EQ(outcome.code, ExitCode::locked);
    EXPECT_THAT(outcome.error, HasSubstr("eve on host db2, process 9"));
    EXPECT_EQ(pages, 1);
}

TEST_F(WalkTest, ReadsManyValuesOfAnySize) {
    database_.set("large", std::string(3 << 20, 'x'));
    database_.set("small", "1");
    database_.connection().call("RPUSH", "list", "1");
    must([](Session& session, operation::StepContext&) {
        ValueReader reader(session.connection());
        const std::vector<std::string_view> keys{"small", "large", "missing", "list", "large", "small"};
        std::vector<std::size_t> sizes(keys.size(), 99);
        std::vector<bool> there(keys.size());
        reader.read(keys, [&](std::size_t index, std::optional<std::string_view> value) {
            there[index] = value.has_value();
            sizes[index] = value ? value->size() : 0;
        });
        EXPECT_EQ(sizes, (std::vector<std::size_t>{1, 3 << 20, 0, 0, 3 << 20, 1}));
        EXPECT_EQ(there, (std::vector<bool>{true, true, false, false, true, true}));
    });
}

TEST_F(WalkTest, ReadsAndWritesVersions) {
    const std::string key = "ttn:v3:as:schema-version";
    must([&](Session& session, operation::StepContext&) {
        const auto kind = KeyKind::as_schema_version;
        EXPECT_EQ(read_known_version(session, kind), 0);
        write_version(session, kind);
        EXPECT_EQ(session.connection().call("GET", key)->text(), "1");
        EXPECT_EQ(read_known_version(session, kind), 1);
        session.connection().call("SET", key, "2");
        EXPECT_EQ(read_version(session, kind), 2);
        EXPECT_THROW(read_known_version(session, kind), NewerDatabaseError);
        for (const char* const bad : {"", "one", "1 ", "99999999999"}) {
            session.connection().call("SET", key, bad);
            EXPECT_THROW(read_version(session, kind), RefusedError) << bad;
        }
    });
}

std::string content(const std::filesystem::path& folder) {
    std::ostringstream text;
    for (const auto& file : std::filesystem::directory_iterator(folder))
        text << std::ifstream(file.path()).rdbuf();
    return text.str();
}

// Of a key that is written all the time, exactly the value that went is in the file.
using Remove = std::int64_t (*)(Session&, UndoRows&, std::span<const std::string>);
class RemovalTest : public WalkTest, public testing::WithParamInterface<Remove> {};

TEST_P(RemovalTest, RemovesNothingThatIsNotWrittenDownAsItIs) {
    fill(10);
    const auto folder = std::filesystem::temp_directory_path() / ("walk-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder);
    must([&](Session& session, operation::StepContext&) {
        std::atomic<bool> ending = false;
        std::vector<int> went;
        std::thread writer([&] {
            util::NeverStop never;
            redis::Connection other(session.connection().target(), {.context = "writer"}, never);
            for (int round = 0; !ending; ++round) {
                // The answer is the value before, which is nil where it went in between.
                const auto before = other.call("SET", name(3), std::to_string(round), "GET");
                if (before->is_nil() && round > 0) went.push_back(round - 1);
                std::this_thread::sleep_for(std::chrono::milliseconds(2));
            }
        });
        {
            UndoRows undo(session, undo::in_folder(folder), "ns-db test");
            std::vector<std::string> keys;
            for (int key = 0; key < 10; ++key) keys.push_back(name(key));
            for (int round = 0; round < 5; ++round) {
                try {
                    GetParam()(session, undo, keys);
                } catch (const RefusedError& error) {
                    EXPECT_THAT(error.what(), HasSubstr(name(3)));
                }
            }
        }
        ending = true;
        writer.join();
        const auto file = content(folder);
        for (const int value : went) {
            session.connection().call("SET", "copy", std::to_string(value));
            const auto dump = session.connection().call("DUMP", "copy");
            EXPECT_THAT(file, HasSubstr(name(3) + "\t-1\t" + binary_text(dump->text()) + "\n"));
        }
        EXPECT_EQ(session.connection().call("EXISTS", name(2), name(4))->integer(), 0);
    });
    std::filesystem::remove_all(folder);
}

// A key that gets another expiry after it was written down is another one.
TEST_P(RemovalTest, WritesDownExpiriesAsTheyAre) {
    fill(4);
    const auto folder = std::filesystem::temp_directory_path() / ("walk-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder);
    must([&](Session& session, operation::StepContext&) {
        session.connection().call("PEXPIRE", name(0), "60000");
        session.connection().call("PEXPIRE", name(1), "1");
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        UndoRows undo(session, undo::in_folder(folder), "ns-db test");
        const std::vector<std::string> keys{name(0), name(1), name(2), name(3), "ttn:v3:none"};
        EXPECT_EQ(GetParam()(session, undo, keys), 3);
        EXPECT_EQ(GetParam()(session, undo, keys), 0);
        EXPECT_THAT(content(folder), testing::ContainsRegex(name(0) + "\t(60000|59[0-9]{3})\t"));
        EXPECT_EQ(session.connection().call("EXISTS", name(0), name(2), name(3))->integer(), 0);
    });
    std::filesystem::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(EveryWay, RemovalTest, testing::Values(remove_watched, remove_unchanged));

// Many small values after large ones, and the other way round: the ways to remove them follow each other.
TEST_F(WalkTest, RemovesSmallAndLargeValues) {
    const auto folder = std::filesystem::temp_directory_path() / ("walk-" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder);
    must([&](Session& session, operation::StepContext&) {
        redis::Commands commands;
        std::vector<std::string> keys;
        std::string noise;
        for (std::size_t byte = 0; byte < 300'000; ++byte) noise += static_cast<char>(byte * byte % 251);
        for (int key = 0; key < 3'000; ++key) {
            keys.push_back(name(key));
            commands.add("SET", keys.back(), key % 700 < 5 ? noise : "small");
        }
        session.connection().pipeline(commands);
        UndoRows undo(session, undo::in_folder(folder), "ns-db test");
        EXPECT_EQ(remove_keys(session, undo, keys), 3'000);
        EXPECT_EQ(session.connection().call("DBSIZE")->integer(), 2) << "run lock and journal";
    });
    std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace tti::key_space
