#include "local/programs.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "temporary_folder.hpp"
#include "util/error.hpp"

namespace tti::local {
namespace {

using ::testing::HasSubstr;

void make_program(const std::filesystem::path& path) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << "#!/bin/sh\n";
    chmod(path.c_str(), S_IRWXU);
}

void make_version(const std::filesystem::path& folder, const std::string& version) {
    make_program(folder / version / "bin/initdb");
    make_program(folder / version / "bin/postgres");
}

settings::Surroundings with_redis_in(const std::filesystem::path& folder) {
    make_program(folder / "redis-server");
    settings::Surroundings surroundings;
    surroundings.environment["PATH"] = folder.string();
    return surroundings;
}

TEST(FindPrograms, TakesTheNewestByNumber) {
    const test::TemporaryFolder folder;
    make_version(folder.path(), "9");
    make_version(folder.path(), "15");
    std::filesystem::create_directories(folder.path() / "16/bin");  // only the client is installed
    const auto programs = find_programs(with_redis_in(folder.path() / "bin"), "", folder.path());
    EXPECT_EQ(programs.postgres_folder, folder.path() / "15/bin");
    EXPECT_EQ(programs.redis_server, folder.path() / "bin/redis-server");
}

TEST(FindPrograms, TakesTheVersionThatTheDataNeeds) {
    const test::TemporaryFolder folder;
    make_version(folder.path(), "15");
    make_version(folder.path(), "17");
    const auto programs = find_programs(with_redis_in(folder.path() / "bin"), "15", folder.path());
    EXPECT_EQ(programs.postgres_folder, folder.path() / "15/bin");
}

TEST(FindPrograms, NamesThePackageThatIsMissing) {
    const test::TemporaryFolder folder;
    try {
        find_programs(with_redis_in(folder.path() / "bin"), "14", folder.path());
        FAIL() << "found programs in an empty folder";
    } catch (const Error& error) {
        EXPECT_THAT(error.hint(), HasSubstr("apt-get install --no-install-recommends postgresql-14"));
    }
}

}  // namespace
}  // namespace tti::local
