#include "identity_server/password_hash.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tti::identity_server {
namespace {

using testing::MatchesRegex;

// Hashes that the stack itself wrote.
constexpr const char* stack_admin =
    "PBKDF2$sha256$20000$2azIeEorSLfhJXZy$DdMMl6VyGHvMA4rc-a9UNgpblSOAQZ00rMl67ezMWEU";
constexpr const char* stack_console =
    "PBKDF2$sha256$20000$3lhgRC62Jb3L8yc5$qgYGQd92snbqOpECdogA0UUDb9atkP2N-9FW3bslRxk";
constexpr const char* stack_key =
    "PBKDF2$sha256$1000$UHT2GOqFS4RGG3PZ$dtI3-jL0WRWMyTsrgEBjtneX4-CgkCtGVQaN3kZ3rt4";

TEST(PasswordHash, VerifiesWhatTheStackWrote) {
    EXPECT_EQ(verify_password(Secret("admin"), stack_admin), true);
    EXPECT_EQ(verify_password(Secret("console"), stack_console), true);
    EXPECT_EQ(verify_password(Secret("EZ5366XWZEEXFAJXUJDIZ3NWYFP5C4SDG4GCBO46IIBNRVTJ4MJQ"), stack_key),
              true);
}

TEST(PasswordHash, RefusesAnotherPassword) {
    EXPECT_EQ(verify_password(Secret("Admin"), stack_admin), false);
    EXPECT_EQ(verify_password(Secret(""), stack_admin), false);
}

TEST(PasswordHash, WritesTheStacksFormWithANewSaltEachTime) {
    const std::string hash = hash_password(Secret("console"));
    EXPECT_THAT(hash, MatchesRegex("PBKDF2\\$sha256\\$20000\\$[A-Za-z0-9_-]{16}\\$[A-Za-z0-9_-]{43}"));
    EXPECT_NE(hash, hash_password(Secret("console")));
    EXPECT_EQ(verify_password(Secret("console"), hash), true);
    EXPECT_THAT(hash_password(Secret("key"), token_iterations), MatchesRegex("PBKDF2\\$sha256\\$1000\\$.*"));
}

TEST(PasswordHash, TakesTheMethodInAnyCaseButTheAlgorithmAsItIs) {
    std::string hash = stack_admin;
    hash.replace(0, 6, "pbkdf2");
    EXPECT_EQ(verify_password(Secret("admin"), hash), true);
    hash.replace(7, 6, "SHA256");
    EXPECT_FALSE(verify_password(Secret("admin"), hash).has_value());
}

TEST(PasswordHash, FailsOnWhatIsNoHash) {
    for (const char* text :
         {"", "admin", "PBKDF2", "BCRYPT$a$b", "PBKDF2$sha256$20000$salt", "PBKDF2$sha256$x$salt$aGFzaA",
          "PBKDF2$sha256$0$salt$aGFzaA", "PBKDF2$sha256$1$salt$", "PBKDF2$sha256$1$salt$!!"}) {
        EXPECT_FALSE(verify_password(Secret("admin"), text).has_value()) << text;
    }
}

}  // namespace
}  // namespace tti::identity_server
