#include <atomic>
#include <random>
#include <thread>

#include <gmock/gmock.h>

#include "join_server/migrate.hpp"
#include "join_server/session_key_fixture.hpp"
#include "lorawan/stack_mutex.hpp"
#include "support/fault_proxy.hpp"

namespace tti::join_server::test {
namespace {

constexpr std::size_t devices = 600;
constexpr std::size_t doomed = 200;  // the first of them are deleted one by one
constexpr std::size_t limit = 10;
constexpr std::size_t keys_each = 12;

// A Join Server at work on the same devices, with plain commands under the mutex of the list.
class Server {
  public:
    explicit Server(const std::string& address)
        : target_{.address = address}, sessions_(devices, keys_each), gone_(doomed, false) {
        for (unsigned number = 0; number < 2; ++number) {
            threads_.emplace_back([this, number] { join_devices(number); });
        }
        threads_.emplace_back([this] { remove_devices(); });
    }
    ~Server() { stop(); }

    void stop() {
        ending_ = true;
        for (auto& thread : threads_) thread.join();
        threads_.clear();
    }
    // How many sessions the device ever had. Valid once it was stopped.
    [[nodiscard]] std::size_t sessions(std::size_t device) const { return sessions_[device]; }
    [[nodiscard]] bool gone(std::size_t device) const { return device < doomed && gone_[device]; }
    [[nodiscard]] int joins() const { return joins_; }
    [[nodiscard]] int removed() const { return removed_; }

  private:
    void join_devices(unsigned thread) {
        util::NeverStop never;
        redis::Connection connection(target_, {.context = "joins"}, never);
        std::mt19937 random(thread);
        while (!ending_) {
            const std::size_t device = doomed + random() % ((devices - doomed) / 2) * 2 + thread;
            join(connection, device, "OWNER" + std::to_string(thread));
        }
    }
    void join(redis::Connection& connection, std::size_t device, const std::string& owner) {
        const auto pair = euis(device);
        const auto id = id_of(device, sessions_[device]);
        lorawan::StackMutex mutex(connection, list_key(pair), owner);
        mutex.acquire();
        const auto length = connection.call("RPUSH", list_key(pair), id)->integer();
        if (length > static_cast<std::int64_t>(limit)) {
            const auto popped =
                connection.call("LPOP", list_key(pair), std::to_string(length - std::int64_t{limit}));
            for (std::size_t index = 0; index < popped->size(); ++index) {
                connection.call("DEL", session_key(pair, std::string(popped.view()[index].text())));
            }
        }
        connection.call("SET", session_key(pair, id), "CgECAwQ");
        mutex.release();
        ++sessions_[device];
        ++joins_;
    }
    // The device goes without any mutex, its session keys then under that of the list.
    void remove_devices() {
        util::NeverStop never;
        redis::Connection connection(target_, {.context = "deletion"}, never);
        for (std::size_t device = 0; device < doomed && !ending_; ++device) {
            const auto pair = euis(device);
            connection.call("DEL", prefix + "devices:eui:" + pair);
            lorawan::StackMutex mutex(connection, list_key(pair), "DELETION");
            mutex.acquire();
            const auto listed = connection.call("LRANGE", list_key(pair), "0", std::to_string(limit));
            for (std::size_t index = 0; index < listed->size(); ++index) {
                connection.call("DEL", session_key(pair, std::string(listed.view()[index].text())));
            }
            connection.call("DEL", list_key(pair));
            mutex.release();
            gone_[device] = true;
            ++removed_;
        }
    }

    redis::Target target_;
    std::atomic<bool> ending_ = false;
    std::vector<std::size_t> sessions_;
    std::vector<bool> gone_;
    std::atomic<int> joins_ = 0;
    std::atomic<int> removed_ = 0;
    std::vector<std::thread> threads_;
};

class RunningStack : public SessionKeyTest {
  protected:
    void SetUp() override {
        for (std::size_t device = 0; device < devices; ++device) {
            add_keys(device, keys_each);
            add_device(device);
        }
    }
};

TEST_F(RunningStack, KeepsTheNewestOfAllAndNothingComesBack) {
    Server server(database.address());
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    const auto outcome = database.run(migrate_command(), {{"rate", "2000"}});
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    server.stop();
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_GT(server.joins(), 20) << "the model was too slow to disturb";
    EXPECT_GT(server.removed(), 20) << "the model was too slow to disturb";
    for (std::size_t device = 0; device < devices; ++device) {
        if (server.gone(device)) {
            EXPECT_FALSE(database.exists(list_key(euis(device)))) << device;
        } else {
            expect_newest(device, server.sessions(device), limit);
        }
    }
    // Keys of a device that was deleted after its turn are orphans by now.
    database.must_run(migrate_command(), {{"force", "true"}});
    for (std::size_t device = 0; device < doomed; ++device) {
        if (server.gone(device)) expect_gone(device);
    }
}

TEST_F(RunningStack, ACutConnectionIsMadeAgain) {
    for (const std::size_t bytes : {60'000U, 200'000U, 500'000U, 620'000U}) {
        database.connection().call("FLUSHALL");
        SetUp();
        tti::test::FaultProxy proxy(database.address());
        database.given.environment["TTN_LW_REDIS_ADDRESS"] = proxy.socket();
        proxy.cut_after(bytes);
        const auto outcome = database.run(migrate_command());
        EXPECT_EQ(outcome.code, ExitCode::done) << bytes << ": " << outcome.error;
        for (std::size_t device = 0; device < devices; ++device) expect_newest(device, keys_each, limit);
    }
}

}  // namespace
}  // namespace tti::join_server::test
