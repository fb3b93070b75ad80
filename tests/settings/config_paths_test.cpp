#include "settings/config_paths.hpp"

#include <gmock/gmock.h>

namespace tti::settings {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ConfigPaths, AreTheStacks) {
    EXPECT_THAT(default_config_paths({{{"HOME", "/users/me"}}, "/srv"}),
                ElementsAre("/srv/.ttn-lw-stack.yml", "/users/me/.ttn-lw-stack.yml",
                            "/users/me/.config/.ttn-lw-stack.yml"));
    EXPECT_THAT(
        default_config_paths({{{"HOME", "/users/me"}, {"XDG_CONFIG_HOME", "/etc/me"}}, "/srv"}),
        ElementsAre("/srv/.ttn-lw-stack.yml", "/users/me/.ttn-lw-stack.yml", "/etc/me/.ttn-lw-stack.yml"));
}

TEST(ConfigPaths, LeaveOutUnsetFolders) {
    EXPECT_THAT(default_config_paths({{}, "/srv"}), ElementsAre("/srv/.ttn-lw-stack.yml"));
    EXPECT_THAT(default_config_paths({{{"HOME", ""}, {"XDG_CONFIG_HOME", ""}}, "/srv"}),
                ElementsAre("/srv/.ttn-lw-stack.yml"));
    EXPECT_THAT(default_config_paths({{{"XDG_CONFIG_HOME", "/etc/me"}}, "/srv"}),
                ElementsAre("/srv/.ttn-lw-stack.yml", "/etc/me/.ttn-lw-stack.yml"));
    EXPECT_THAT(default_config_paths({}), IsEmpty());
}

TEST(ConfigPaths, NameAFileOnce) {
    EXPECT_THAT(default_config_paths({{{"HOME", "/users/me/"}}, "/users/me"}),
                ElementsAre("/users/me/.ttn-lw-stack.yml", "/users/me/.config/.ttn-lw-stack.yml"));
}

}  // namespace
}  // namespace tti::settings
