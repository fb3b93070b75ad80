#include "util/spool.hpp"

#include <array>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "util/error.hpp"

namespace tti::util {
namespace {

TEST(Spool, GivesBackWhatItWasGiven) {
    for (const std::size_t most_memory : {std::size_t{1} << 20U, std::size_t{100}}) {
        Spool spool(3, most_memory);
        std::array<std::string, 3> given;
        for (std::size_t number = 0; number < 1'000; ++number) {
            const auto text = std::to_string(number * number) + ";";
            spool.append(number % 3, text);
            given.at(number % 3) += text;
        }
        for (std::size_t partition = 0; partition < 3; ++partition) {
            EXPECT_EQ(spool.read(partition), given.at(partition));
            EXPECT_EQ(spool.read(partition), given.at(partition)) << "a second time";
        }
    }
}

TEST(Spool, SaysWhereItCannotWrite) {
    const auto* before = std::getenv("TMPDIR");  // NOLINT: one thread
    const std::string kept = before == nullptr ? "" : before;
    setenv("TMPDIR", "/proc", 1);  // NOLINT: one thread
    Spool spool(1, 0);
    try {
        spool.append(0, "x");
        FAIL() << "wrote to /proc";
    } catch (const RefusedError& error) {
        EXPECT_NE(std::string(error.what()).find("in /proc"), std::string::npos) << error.what();
        EXPECT_NE(error.hint().find("TMPDIR"), std::string::npos);
    }
    if (before == nullptr) unsetenv("TMPDIR");                 // NOLINT: one thread
    if (before != nullptr) setenv("TMPDIR", kept.c_str(), 1);  // NOLINT: one thread
}

}  // namespace
}  // namespace tti::util
