#include "key_space/backups.hpp"

#include <gmock/gmock.h>

namespace tti::key_space {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Started at 2026-11-30T00:00:00Z, asked an hour later.
std::string info(const std::string& more) {
    return "# Server\r\nserver_time_usec:1796000400000000\r\nuptime_in_seconds:3600\r\n# Persistence\r\n" +
           more;
}

TEST(BackupsOfRedis, TellTheLastSnapshotAndTheAppendOnlyFile) {
    const auto found =
        backups(info("rdb_last_save_time:1796000000\r\nrdb_last_bgsave_status:ok\r\n"
                     "rdb_changes_since_last_save:12\r\naof_enabled:1\r\naof_last_write_status:ok\r\n"),
                true);
    EXPECT_EQ(found.text, "append-only file on; last snapshot at 2026-11-30T00:53:20Z");
    EXPECT_EQ(found.data["changes_since"], 12);
    EXPECT_THAT(found.troubles, IsEmpty());
}

TEST(BackupsOfRedis, DoNotTakeTheStartOfTheServerForASnapshot) {
    const auto found = backups(info("rdb_last_save_time:1795996800\r\naof_enabled:0\r\n"), true);
    EXPECT_EQ(found.text, "append-only file off; no snapshot since the server started");
    EXPECT_TRUE(found.data["last_snapshot_at"].is_null());
}

TEST(BackupsOfRedis, SayThatNothingIsKept) {
    const auto found = backups(info("rdb_last_save_time:1795996800\r\naof_enabled:0\r\n"), false);
    EXPECT_THAT(found.troubles, ElementsAre(HasSubstr("writes nothing to disk")));
}

TEST(BackupsOfRedis, SayThatWritingFailed) {
    const auto found =
        backups(info("rdb_last_save_time:1795996800\r\nrdb_last_bgsave_status:err\r\naof_enabled:1\r\n"
                     "aof_last_write_status:err\r\n"),
                true);
    EXPECT_THAT(found.troubles, ElementsAre(HasSubstr("snapshot of Redis failed"),
                                            HasSubstr("append-only file of Redis failed")));
}

TEST(BackupsOfRedis, AreNotMadeUpWhereTheServerDoesNotTell) {
    const auto found = backups("# Server\r\nredis_version:7.0.15\r\n", true);
    EXPECT_EQ(found.text, "");
    EXPECT_TRUE(found.data.is_null());
}

}  // namespace
}  // namespace tti::key_space
