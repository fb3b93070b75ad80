#include "doctor/passwords.hpp"

#include <gtest/gtest.h>

namespace tti::doctor {
namespace {

TEST(ThisMachine, IsALoopbackAddressOrASocket) {
    for (const auto* host : {"", "/var/run/postgresql", "localhost", "127.0.0.1", "127.1.2.3", "::1"}) {
        EXPECT_TRUE(is_this_machine(host)) << host;
    }
    for (const auto* host : {"db.example.com", "10.0.0.1", "localhost.example.com", "fe80::1"}) {
        EXPECT_FALSE(is_this_machine(host)) << host;
    }
}

TEST(PrintedPassword, IsFoundInBothForms) {
    const auto has = [](const char* text) {
        return has_printed_password(postgres::Uri::parse(text).value());
    };
    EXPECT_TRUE(has("postgres://root:root@db/ttn"));
    EXPECT_TRUE(has("postgres://root:%72oot@db/ttn"));
    EXPECT_TRUE(has("host=db user=root password='root'"));
    EXPECT_TRUE(has("postgres://db/ttn?user=postgres&password=postgres"));
    EXPECT_FALSE(has("postgres://root:Root@db/ttn"));
    EXPECT_FALSE(has("postgres://operator:root@db/ttn"));
    EXPECT_FALSE(has("postgres://root@db/ttn"));
}

}  // namespace
}  // namespace tti::doctor
