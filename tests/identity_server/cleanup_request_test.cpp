#include "identity_server/cleanup_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity_server/cleanup.hpp"
#include "settings/catalogue.hpp"
#include "util/error.hpp"

namespace tti::identity_server {
namespace {

using testing::AllOf;
using testing::HasSubstr;

CleanupRequest request(const std::vector<settings::FlagText>& flags,
                       const std::map<std::string, std::string>& environment = {}) {
    const settings::Surroundings surroundings{environment, "/somewhere"};
    const auto resolution =
        settings::resolve(settings::catalogue(), cli::flags_of(cleanup_command()), flags, surroundings);
    return cleanup_request(resolution.values);
}

std::string refusal(const std::vector<settings::FlagText>& flags,
                    const std::map<std::string, std::string>& environment = {}) {
    try {
        request(flags, environment);
    } catch (const UsageError& error) {
        return error.what();
    }
    return "accepted";
}

TEST(CleanupRequest, TakesTheRestoreTimeOfTheSettings) {
    EXPECT_EQ(request({{"no-undo", "true"}}).restore, std::chrono::hours(24));
    EXPECT_EQ(request({{"no-undo", "true"}}, {{"TTN_LW_IS_DELETE_RESTORE", "36h"}}).restore,
              std::chrono::hours(36));
}

TEST(CleanupRequest, RefusesARestoreTimeThatWouldTakeEverything) {
    for (const char* text : {"0", "0s", "-24h", "24", "59s"}) {
        EXPECT_THAT(refusal({}, {{"TTN_LW_IS_DELETE_RESTORE", text}}),
                    AllOf(HasSubstr("is.delete.restore"), HasSubstr("TTN_LW_IS_DELETE_RESTORE"),
                          HasSubstr("accepted")))
            << text;
    }
    EXPECT_THAT(refusal({}, {{"TTN_LW_IS_DELETE_RESTORE", "1d"}}), HasSubstr("is.delete.restore"));
}

TEST(CleanupRequest, RefusesWhatExcludesEachOther) {
    EXPECT_THAT(refusal({{"tenant-id", "acme"}, {"all-tenants", "true"}}), HasSubstr("exclude each other"));
    EXPECT_THAT(refusal({{"batch", "0"}}), HasSubstr("accepted: 1 to"));
}

}  // namespace
}  // namespace tti::identity_server
