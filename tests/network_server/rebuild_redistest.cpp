#include <atomic>
#include <random>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lorawan/mutex.hpp"
#include "network_server/migrate.hpp"
#include "network_server/network.hpp"

namespace tti::network_server::test {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

class Rebuild : public testing::Test {
  protected:
    Outcome rebuild(bool dry_run = false) {
        std::vector<settings::FlagText> flags{{"rebuild-index", "true"}};
        if (dry_run) flags.push_back({"dry-run", "true"});
        return database_.run(migrate_command(), flags);
    }
    bool is_right() {
        const auto outcome = rebuild(true);
        for (const auto& note : outcome.plan.notes) {
            if (note.find(" 0 differences") != std::string::npos) return true;
            last_ = note;
        }
        return false;
    }
    std::int64_t planned(const Outcome& outcome, const std::string& what) {
        for (const auto& step : outcome.plan.steps) {
            for (const auto& amount : step.touches) {
                if (amount.what == what) return amount.number;
            }
        }
        return 0;
    }
    std::int64_t repaired(const Outcome& outcome, const char* what) {
        return outcome.data["index"]["repaired"].value(what, 0);
    }
    template <typename... Words>
    redis::Reply call(const Words&... words) {
        return database_.connection().call(words...);
    }
    void put(const Device& device) { write(database_.connection(), std::nullopt, device); }
    RedisDatabase database_;
    std::string last_;
};

std::vector<Device> many_devices(int number) {
    std::vector<Device> devices;
    for (int n = 0; n < number; ++n) {
        const auto unsigned_n = static_cast<std::uint32_t>(n);
        Device device{.uid = "app" + std::to_string(n % 3) + ".dev" + std::to_string(n),
                      .frames = unsigned_n};
        if (n % 4 != 0) device.dev_eui = 0x70B3D57ED0000000U + unsigned_n;
        // Several devices share an address, as they do in networks.
        if (n % 5 != 0) device.address = 0x26000000U + unsigned_n / 3;
        if (n % 7 == 0) device.pending_address = 0x26100000U + unsigned_n / 2;
        if (n % 50 == 0) device.serves = {"leaf" + std::to_string(n), "leaf" + std::to_string(n + 1)};
        devices.push_back(device);
    }
    return devices;
}

TEST_F(Rebuild, FindsNothingInARightIndex) {
    for (const auto& device : many_devices(300)) put(device);
    const auto before = contents(database_);
    EXPECT_TRUE(is_right()) << last_;
    const auto outcome = rebuild();
    EXPECT_EQ(outcome.code, ExitCode::done);
    EXPECT_EQ(contents(database_), before);
}

TEST_F(Rebuild, MakesAnIndexFromNothing) {
    for (const auto& device : many_devices(300)) put(device);
    const auto before = contents(database_);
    for (const auto& [name, dump] : database_.state()) {
        if (name.find(":uid:") == std::string::npos) call("DEL", name);
    }
    EXPECT_FALSE(is_right());
    EXPECT_EQ(rebuild().code, ExitCode::done);
    EXPECT_EQ(contents(database_), before);
    EXPECT_TRUE(is_right()) << last_;
}

TEST_F(Rebuild, RepairsRandomDamage) {
    const auto devices = many_devices(400);
    for (const auto& device : devices) put(device);
    const auto before = contents(database_);
    std::mt19937 random(7);
    for (const auto& [name, dump] : database_.state()) {
        if (name.find(":uid:") != std::string::npos) continue;
        const auto choice = random() % 6;
        const auto& other = devices[random() % devices.size()].uid;
        if (choice == 0) call("DEL", name);
        if (choice == 1 && name.ends_with(":fields")) call("HSET", name, other, "\x80", "app1.gone", "x");
        if (choice == 1 && name.ends_with(":current")) call("ZADD", name, "77", other, "3", "app1.gone");
        if (choice == 1 && name.ends_with(":pending")) call("ZADD", name, "77", "app1.gone");
        if (choice == 2 && name.find(":eui:") != std::string::npos) call("SET", name, other);
        if (choice == 2 && name.find(":rules:") != std::string::npos) call("SET", name, "no device at all");
    }
    call("SET", key("eui:" + eui_text(0xFFFF)), "app1.dev1");
    call("SET", key("relay:rules:app1.nobody"), "app1.dev1");
    call("ZADD", key("addr:2600FFFF:current"), "1", "app1.dev1");
    // Values that no release wrote would be taken for an old layout otherwise.
    database_.set("ttn:v3:ns:devices:schema-version", "1");
    const auto planned_counts = rebuild(true);
    EXPECT_EQ(planned_counts.plan.steps.size(), 2U);
    const auto outcome = rebuild();
    EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    EXPECT_EQ(contents(database_), before);
    EXPECT_TRUE(is_right()) << last_;
    // What the plan said is what was done.
    for (const auto& amount : planned_counts.plan.steps.back().touches) {
        EXPECT_EQ(repaired(outcome, amount.what.c_str()), amount.number) << amount.what;
    }
}

TEST_F(Rebuild, KeepsTheTimeOfAPendingSession) {
    const Device device{.pending_address = 0x26000001};
    put(device);
    const auto set = key("addr:26000001:pending");
    const std::string time(call("ZSCORE", set, device.uid)->text());
    call("DEL", set + ":fields");
    EXPECT_EQ(planned(rebuild(true), "pending session addresses missing"), 1);
    EXPECT_EQ(repaired(rebuild(), "pending session addresses missing"), 1);
    EXPECT_EQ(call("ZSCORE", set, device.uid)->text(), time);
}

TEST_F(Rebuild, LeavesAnEuiToTheRecordThatHasItToo) {
    put({.uid = "app1.dev1", .dev_eui = 7});
    database_.set(key("uid:app1.dev2"), record_of({.uid = "app1.dev2", .dev_eui = 7}));
    const auto outcome = rebuild(true);
    EXPECT_THAT(outcome.plan.notes, Contains(HasSubstr("claimed by app1.dev2, points to app1.dev1")));
    EXPECT_THAT(outcome.plan.notes, Contains(HasSubstr("0 differences")));
    rebuild();
    EXPECT_EQ(database_.get(key("eui:" + eui_text(7))), "app1.dev1");
}

TEST_F(Rebuild, NamesWhatItCannotReadAndRepairsTheRest) {
    put({.uid = "app1.dev1", .dev_eui = 7, .address = 0x26000001});
    call("DEL", key("eui:" + eui_text(7)));
    database_.set(key("uid:app1.bad"), "!!!");
    call("ZADD", key("addr:26000002:current"), "1", "app1.bad");
    call("LPUSH", key("addr:26000003:current"), "x");
    const auto outcome = rebuild();
    EXPECT_EQ(outcome.code, ExitCode::partly_failed);
    EXPECT_THAT(outcome.error, HasSubstr("app1.bad"));
    EXPECT_THAT(outcome.error, HasSubstr("addr:26000003:current"));
    EXPECT_EQ(database_.get(key("eui:" + eui_text(7))), "app1.dev1");
    // Its entry stays: nobody knows whether it is right.
    EXPECT_EQ(call("ZCARD", key("addr:26000002:current"))->integer(), 1);
}

// A running stack: devices join, send and are deleted, with the mutex and without it.
class Stack {
  public:
    Stack(const std::string& socket, std::uint32_t number)
        : number_(number), connection_({.address = socket}, {.context = "stack"}, stop_) {}

    void run(const std::atomic<bool>& end) {
        std::mt19937 random(number_);
        std::vector<std::optional<Device>> devices(20);
        while (!end) {
            const auto at = random() % devices.size();
            auto& now = devices[at];
            std::optional<Device> next;
            if (!now || random() % 10 != 0) next = changed(now, at, random);
            if (random() % 2 == 0) {
                const lorawan::Mutex mutex(connection_, key("uid:" + uid(at)), std::chrono::seconds(20));
                write(connection_, now, next);
            } else {
                write(connection_, now, next);
            }
            now = next;
            if (random() % 20 == 0) damage(uid(at), random);
            ++writes_;
        }
    }
    [[nodiscard]] int writes() const { return writes_; }

  private:
    [[nodiscard]] std::string uid(std::size_t at) const {
        return "app" + std::to_string(number_) + ".dev" + std::to_string(at);
    }
    std::optional<Device> changed(const std::optional<Device>& now, std::size_t at,
                                  std::mt19937& random) const {
        Device device = now.value_or(Device{.uid = uid(at), .dev_eui = number_ * 1000U + at});
        device.frames += 1;
        if (random() % 3 == 0) device.address = 0x26000000U + static_cast<std::uint32_t>(random() % 30);
        if (random() % 5 == 0)
            device.pending_address = 0x26100000U + static_cast<std::uint32_t>(random() % 30);
        if (random() % 5 == 0) device.pending_address.reset();
        return device;
    }
    // What the rebuild is for.
    void damage(const std::string& uid, std::mt19937& random) {
        const auto set =
            key("addr:" + address_text(0x26000000U + static_cast<std::uint32_t>(random() % 30)) + ":current");
        if (random() % 2 == 0) {
            connection_.call("ZADD", set, "5", uid);
            connection_.call("HSET", set + ":fields", "app9.dev9", "x");
        } else {
            connection_.call("ZREM", set, uid);
        }
    }

    std::uint32_t number_;
    util::NeverStop stop_;
    redis::Connection connection_;
    int writes_ = 0;
};

TEST_F(Rebuild, WorksBesideARunningStack) {
    for (const auto& device : many_devices(2000)) put(device);
    std::atomic<bool> end = false;
    std::vector<std::unique_ptr<Stack>> stacks;
    std::vector<std::thread> threads;
    for (std::uint32_t number = 10; number < 13; ++number) {
        stacks.push_back(std::make_unique<Stack>(database_.address(), number));
        threads.emplace_back([&end, stack = stacks.back().get()] { stack->run(end); });
    }
    for (int round = 0; round < 5; ++round) {
        const auto outcome = rebuild();
        EXPECT_EQ(outcome.code, ExitCode::done) << outcome.error;
    }
    end = true;
    for (auto& thread : threads) thread.join();
    for (const auto& stack : stacks) EXPECT_GT(stack->writes(), 10);
    // What the writers damaged last.
    EXPECT_EQ(rebuild().code, ExitCode::done);
    EXPECT_TRUE(is_right()) << last_;
    // The mutex is handed over and leaves nothing.
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    for (const auto& [name, dump] : database_.state()) {
        EXPECT_FALSE(name.ends_with(":lock") || name.ends_with(":list")) << name;
    }
}

}  // namespace
}  // namespace tti::network_server::test
