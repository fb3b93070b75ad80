#pragma once

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/lorawan_records.hpp"
#include "support/redis_database.hpp"
#include "util/base64.hpp"

namespace tti::join_server::test {

inline const std::string prefix = "ttn:v3:js:";
inline const std::string version_key = prefix + "keys:schema-version";

// "JOINEUI:DEVEUI" of a device.
inline std::string euis(std::size_t device) {
    const auto sample = tti::test::sample_device(device);
    return sample.join_eui_text() + ":" + sample.dev_eui_text();
}
inline std::string list_key(const std::string& pair) {
    return prefix + "keys:ids:" + pair;
}
inline std::string session_key(const std::string& pair, const std::string& id) {
    return prefix + "keys:id:" + pair + ":" + id;
}
// The ID of the session that the device began as its number-th: a ULID's time, then anything.
inline std::string id_of(std::size_t device, std::size_t number) {
    const std::uint64_t time = 1'600'000'000'000 + 1000 * number;
    std::string bytes;
    for (int shift = 40; shift >= 0; shift -= 8) bytes += static_cast<char>((time >> shift) & 0xFFU);
    return util::base64(bytes + std::string(9, static_cast<char>(device)) + static_cast<char>(number * 37));
}

class SessionKeyTest : public testing::Test {
  protected:
    void add_device(std::size_t device) {
        const auto sample = tti::test::sample_device(device);
        database.set(prefix + "devices:uid:" + sample.uid(), tti::test::join_server_record(sample).text());
        database.set(prefix + "devices:eui:" + euis(device), sample.uid());
    }
    void add_keys(std::size_t device, std::size_t count) {
        for (std::size_t number = 0; number < count; ++number) {
            database.set(session_key(euis(device), id_of(device, number)), "CgECAwQ");
        }
    }
    void expect_newest(std::size_t device, std::size_t of, std::size_t kept) {
        std::vector<std::string> wanted;
        for (std::size_t number = 0; number < of; ++number) {
            const auto id = id_of(device, number);
            const bool stays = number + kept >= of;
            EXPECT_EQ(database.exists(session_key(euis(device), id)), stays) << device << " " << number;
            if (stays) wanted.push_back(id);
        }
        EXPECT_EQ(database.list(list_key(euis(device))), wanted) << device;
    }
    void expect_gone(std::size_t device) {
        EXPECT_FALSE(database.exists(list_key(euis(device)))) << device;
        const auto keys = database.connection().call("KEYS", session_key(euis(device), "*"));
        EXPECT_EQ(keys->size(), 0U) << device;
    }

    tti::test::RedisDatabase database;
};

}  // namespace tti::join_server::test
