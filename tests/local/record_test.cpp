#include "local/record.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "local/password.hpp"
#include "local/ports.hpp"
#include "local/private_file.hpp"
#include "temporary_folder.hpp"
#include "util/error.hpp"

namespace tti::local {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

Record sample() {
    return {20001, Secret("first"), 20002, Secret("second")};
}

// The sample's file with one place changed.
std::string changed(std::string_view from, std::string_view to) {
    auto json = to_json(sample());
    return json.replace(json.find(from), from.size(), to);
}

TEST(Record, ComesBackFromItsFile) {
    const test::TemporaryFolder folder;
    const Site site{{folder.path()}, util::account_of(geteuid())};
    save_record(site, sample());
    const auto record = load_record(site.layout);
    ASSERT_TRUE(record);
    EXPECT_EQ(record->postgres_port, 20001);
    EXPECT_EQ(record->postgres_password.reveal(), "first");
    EXPECT_EQ(record->redis_port, 20002);
    EXPECT_EQ(record->redis_password.reveal(), "second");
}

TEST(Record, IsReadableByItsOwnerAlone) {
    const test::TemporaryFolder folder;
    const Site site{{folder.path()}, util::account_of(geteuid())};
    save_record(site, sample());
    struct stat found {};
    ASSERT_EQ(stat(site.layout.record().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST(Record, IsNotThereInAnEmptyFolder) {
    const test::TemporaryFolder folder;
    EXPECT_FALSE(load_record({folder.path()}));
}

TEST(Record, NamesItsFileButNotItsPasswordsWhenDamaged) {
    const test::TemporaryFolder folder;
    const Layout layout{folder.path()};
    write_private_file(layout.record(), R"({"version": 1, "postgres": {"password": "geheim"}, )",
                       std::nullopt);
    try {
        load_record(layout);
        FAIL() << "was accepted";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr(layout.record().string()));
        EXPECT_THAT(error.what(), Not(HasSubstr("geheim")));
    }
}

TEST(Record, RefusesWhatItCannotMean) {
    EXPECT_FALSE(parse_record("{}"));
    EXPECT_FALSE(parse_record("[]"));
    EXPECT_TRUE(parse_record(to_json(sample())));
    EXPECT_FALSE(parse_record(changed("20001", "70000")));
    EXPECT_FALSE(parse_record(changed("\"version\": 1", "\"version\": 2")));
    EXPECT_FALSE(parse_record(changed("\"first\"", "\"\"")));
}

TEST(Record, HasPortsAndPasswordsOfItsOwnWhenNew) {
    const auto record = new_record();
    EXPECT_NE(record.postgres_port, record.redis_port);
    EXPECT_TRUE(port_is_free(record.postgres_port));
    EXPECT_THAT(record.postgres_password.reveal(), MatchesRegex("[a-z2-7]{52}"));
    EXPECT_NE(record.postgres_password.reveal(), record.redis_password.reveal());
}

TEST(Addresses, AreThoseOfTheRecord) {
    EXPECT_EQ(database_uri(sample()).reveal(),
              "postgresql://tti:first@127.0.0.1:20001/ttn_lorawan?sslmode=disable");
    EXPECT_EQ(socket_uri({"/a b"}, sample(), "postgres").reveal(),
              "postgresql://tti:first@/postgres?host=%2Fa%20b%2Frun&port=20001");
    EXPECT_EQ(redis_address(sample()), "127.0.0.1:20002");
}

}  // namespace
}  // namespace tti::local
