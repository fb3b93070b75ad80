#include "backup/programs.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "temporary_folder.hpp"
#include "util/error.hpp"

namespace tti::backup {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::ThrowsMessage;

// Folders with programs that say of which version they are.
class Programs : public ::testing::Test {
  protected:
    void install(const std::string& folder, const std::string& says) {
        folder_.write(folder + "/pg_dump", "#!/bin/sh\necho '" + says + "'\n");
        std::filesystem::permissions(folder_.path() / folder / "pg_dump", std::filesystem::perms::owner_all);
    }

    std::vector<std::string> versions(const std::string& only = "") {
        settings::Surroundings surroundings{{{"PATH", (folder_.path() / "path").string()}}, folder_.path()};
        found_ = installed_programs("pg_dump", surroundings, only, stop_, folder_.path() / "debian");
        std::vector<std::string> versions;
        for (const auto& program : found_) versions.push_back(program.version);
        std::ranges::sort(versions);
        return versions;
    }

    TemporaryFolder folder_;
    util::NeverStop stop_;
    std::vector<PostgresProgram> found_;
};

TEST_F(Programs, AreFoundByMajorVersionAndInPath) {
    install("debian/15/bin", "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)");
    install("debian/17/bin", "pg_dump (PostgreSQL) 17.2");
    install("path", "pg_dump (PostgreSQL) 16rc1");
    install("debian/99/bin", "no version at all");
    EXPECT_THAT(versions(), ElementsAre("15.18", "16rc1", "17.2"));
    EXPECT_EQ(fitting_program("pg_dump", {14, 14}, found_).major, 15);
    EXPECT_EQ(fitting_program("pg_dump", {16, 16}, found_).version, "16rc1");
    EXPECT_EQ(fitting_program("pg_dump", {17, 17}, found_).major, 17);
    EXPECT_EQ(fitting_program("pg_dump", {18, 16}, found_).version, "16rc1");
}

TEST_F(Programs, OfTheServersMajorVersionArePreferred) {
    install("debian/15/bin", "pg_restore (PostgreSQL) 15.18");
    install("debian/17/bin", "pg_restore (PostgreSQL) 17.2");
    install("path", "pg_restore (PostgreSQL) 18.1");
    versions();
    EXPECT_EQ(fitting_program("pg_restore", {17, 15}, found_).major, 17);
    EXPECT_EQ(fitting_program("pg_restore", {18, 15}, found_).major, 18);
    EXPECT_EQ(fitting_program("pg_restore", {16, 15}, found_).major, 15);
}

TEST_F(Programs, ThatAskAnOlderServerForWhatItDoesNotKnowAreRefused) {
    install("debian/17/bin", "pg_restore (PostgreSQL) 17.2");
    versions();
    const auto hint = [this](Majors majors) -> std::string {
        try {
            fitting_program("pg_restore", majors, found_);
        } catch (const RefusedError& error) {
            return error.hint();
        }
        return "none was thrown";
    };
    EXPECT_THAT(hint({.server = 15, .oldest = 15}), HasSubstr("postgresql-client-15"));
    EXPECT_THAT(hint({.server = 16, .oldest = 15}), HasSubstr("postgresql-client-16"));
    EXPECT_THAT(hint({.server = 16, .oldest = 17}), HasSubstr("Restore into PostgreSQL 17"));
}

TEST_F(Programs, AreThoseOfTheFolderThatIsNamed) {
    install("debian/15/bin", "pg_dump (PostgreSQL) 15.18");
    install("mine", "pg_dump (PostgreSQL) 14.9");
    EXPECT_THAT(versions("mine"), ElementsAre("14.9"));
}

TEST_F(Programs, ThatAreTooOldAreRefusedWithWhatToInstall) {
    install("path", "pg_dump (PostgreSQL) 14.9");
    versions();
    const auto ask = [this] { fitting_program("pg_dump", {15, 15}, found_); };
    EXPECT_THAT(ask, ThrowsMessage<RefusedError>(HasSubstr("pg_dump of PostgreSQL 15 or newer")));
    EXPECT_THAT(ask, ThrowsMessage<RefusedError>(HasSubstr("14.9")));
    try {
        ask();
    } catch (const RefusedError& error) {
        EXPECT_THAT(error.hint(), HasSubstr("postgresql-client-15"));
    }
}

TEST_F(Programs, ThatAreMissingAreRefused) {
    EXPECT_THAT(versions(), IsEmpty());
    EXPECT_THAT(
        [this] {
            fitting_program("pg_dump", {15, 15}, found_);
        },
        ThrowsMessage<RefusedError>(HasSubstr("none is installed")));
}

}  // namespace
}  // namespace tti::backup
