#include <atomic>
#include <random>
#include <thread>

#include <gmock/gmock.h>

#include "application_server/device_record.hpp"
#include "application_server/migrate.hpp"
#include "lorawan/message.hpp"
#include "lorawan/stack_mutex.hpp"
#include "lorawan/wire.hpp"
#include "support/fault_proxy.hpp"
#include "support/lorawan_records.hpp"
#include "support/redis_database.hpp"

namespace tti::application_server {
namespace {

using test::RedisDatabase;

constexpr std::size_t devices = 2'000;
constexpr std::size_t doomed = 500;  // the first of them are deleted one by one
constexpr std::uint32_t mark = 950;  // a field that the model's writers add, with a number of their own

const std::string devices_prefix = "ttn:v3:as:devices:";

test::SampleDevice device(std::size_t number) {
    auto sample = test::sample_device(number);
    sample.started_at = true;
    return sample;
}
std::string uid_key(std::size_t number) {
    return devices_prefix + "uid:" + device(number).uid();
}
std::string eui_key(std::size_t number) {
    return devices_prefix + "eui:" + device(number).dev_eui_text() + ":" + device(number).join_eui_text();
}

std::vector<std::uint64_t> marks_of(const std::string& record) {
    const auto message = lorawan::decode_message(record).value();
    std::vector<std::uint64_t> marks;
    lorawan::wire::Reader reader(message);
    while (const auto field = reader.next().value()) {
        if (field->number == mark) marks.push_back(field->scalar);
    }
    return marks;
}

// An Application Server at work on the same devices: every write is a read, an addition and a transaction.
class Server {
  public:
    explicit Server(const std::string& address)
        : target_{.address = address}, written_(devices), gone_(doomed, false) {
        for (unsigned number = 0; number < 3; ++number) {
            threads_.emplace_back([this, number] { write(number); });
        }
        threads_.emplace_back([this] { remove(); });
    }
    ~Server() { stop(); }

    void stop() {
        ending_ = true;
        for (auto& thread : threads_) thread.join();
        threads_.clear();
    }

    // Valid once it was stopped.
    [[nodiscard]] const std::vector<std::uint64_t>& written(std::size_t number) const {
        return written_[number];
    }
    [[nodiscard]] bool gone(std::size_t number) const { return number < doomed && gone_[number]; }
    [[nodiscard]] int failed() const { return failed_; }
    [[nodiscard]] int removed() const { return removed_; }

  private:
    // Each thread has devices of its own, so that only the migration comes in between.
    void write(unsigned thread) {
        util::NeverStop never;
        redis::Connection connection(target_, {.context = "writer"}, never);
        std::mt19937 random(thread);
        for (std::uint64_t number = 1; !ending_; ++number) {
            const std::size_t which = random() % (devices / 3) * 3 + thread;
            if (which >= devices) continue;
            lorawan::StackMutex mutex(connection, uid_key(which), lorawan_owner(thread, number));
            mutex.acquire();
            change(connection, which, number);
            mutex.release();
        }
    }
    static std::string lorawan_owner(unsigned thread, std::uint64_t number) {
        return "OWNER" + std::to_string(thread) + "X" + std::to_string(number);
    }
    void change(redis::Connection& connection, std::size_t which, std::uint64_t number) {
        connection.call("WATCH", uid_key(which));
        const auto reply = connection.call("GET", uid_key(which));
        if (reply->is_nil()) {
            connection.call("UNWATCH");
            return;
        }
        auto message = lorawan::decode_message(reply->text()).value();
        lorawan::wire::append_scalar(message, mark, number);
        std::this_thread::sleep_for(std::chrono::microseconds(200));
        connection.call("MULTI");
        connection.call("SET", uid_key(which), lorawan::encode_message(message));
        const bool done = !connection.call("EXEC")->is_nil();
        if (done) written_[which].push_back(number);
        if (!done && which >= doomed) ++failed_;
    }
    // A batch deletion, which takes no mutex.
    void remove() {
        util::NeverStop never;
        redis::Connection connection(target_, {.context = "batch deletion"}, never);
        for (std::size_t which = 0; which < doomed && !ending_; ++which) {
            connection.call("WATCH", uid_key(which), eui_key(which));
            connection.call("MULTI");
            connection.call("DEL", uid_key(which));
            connection.call("DEL", eui_key(which));
            if (!connection.call("EXEC")->is_nil()) {
                gone_[which] = true;
                ++removed_;
            }
            std::this_thread::sleep_for(std::chrono::microseconds(500));
        }
    }

    redis::Target target_;
    std::atomic<bool> ending_ = false;
    std::vector<std::vector<std::uint64_t>> written_;
    std::vector<bool> gone_;
    std::atomic<int> failed_ = 0;
    std::atomic<int> removed_ = 0;
    std::vector<std::thread> threads_;
};

class RunningStack : public testing::Test {
  protected:
    void SetUp() override {
        for (std::size_t number = 0; number < devices; ++number) {
            database.set(uid_key(number), test::application_server_record(device(number)).text());
            database.set(eui_key(number), device(number).uid());
        }
    }
    void expect_migrated() {
        for (std::size_t number = 0; number < devices; ++number) {
            auto wanted = device(number);
            wanted.started_at = false;
            EXPECT_EQ(database.get(uid_key(number)), test::application_server_record(wanted).text());
        }
    }
    RedisDatabase database;
};

TEST_F(RunningStack, LosesNothingAndNothingComesBack) {
    Server server(database.address());
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    const auto outcome = database.run(migrate_command(), {{"rate", "4000"}});
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    server.stop();
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(server.failed(), 0) << "a transaction of the stack failed under its mutex";
    EXPECT_GT(server.removed(), 20) << "the model was too slow to disturb";
    std::size_t writes = 0;
    for (std::size_t number = 0; number < devices; ++number) {
        EXPECT_EQ(database.exists(eui_key(number)), !server.gone(number)) << number;
        ASSERT_EQ(database.exists(uid_key(number)), !server.gone(number)) << number;
        if (server.gone(number)) continue;
        const auto record = database.get(uid_key(number));
        EXPECT_EQ(judge(record).state, RecordState::right) << number;
        EXPECT_EQ(marks_of(record), server.written(number)) << number;
        writes += server.written(number).size();
    }
    EXPECT_GT(writes, 100U) << "the model was too slow to disturb";
}

TEST_F(RunningStack, ACutConnectionIsMadeAgain) {
    for (const std::size_t bytes : {60'000U, 200'000U, 400'000U, 900'000U}) {
        database.connection().call("FLUSHALL");
        SetUp();
        test::FaultProxy proxy(database.address());
        database.given.environment["TTN_LW_REDIS_ADDRESS"] = proxy.socket();
        proxy.cut_after(bytes);
        const auto outcome = database.run(migrate_command());
        ASSERT_EQ(outcome.code, ExitCode::done) << bytes << ": " << outcome.error;
        EXPECT_GT(proxy.connections(), 3) << "it was not cut";
        EXPECT_EQ(outcome.data.at("end_devices"), devices) << bytes;
        expect_migrated();
    }
}

}  // namespace
}  // namespace tti::application_server
