#include "redis/script.hpp"

#include <gtest/gtest.h>

namespace tti::redis {
namespace {

TEST(Script, IsKnownByItsSha1) {
    const Script script("return 1");
    EXPECT_EQ(script.sha1(), "e0e1f9fabfc9d4800c877a703b823ac0578ff8db");
    Commands commands;
    const std::string_view keys[] = {"k"};
    const std::string_view arguments[] = {"a", "b"};
    script.add_to(commands, keys, arguments);
    EXPECT_EQ(commands.bytes(),
              "*6\r\n$7\r\nEVALSHA\r\n$40\r\ne0e1f9fabfc9d4800c877a703b823ac0578ff8db\r\n$1\r\n1\r\n$"
              "1\r\nk\r\n$1\r\n"
              "a\r\n$1\r\nb\r\n");
}

}  // namespace
}  // namespace tti::redis
