#include "util/secret.hpp"

#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>

namespace tti {
namespace {

template <typename Value>
concept Streamed = requires(std::ostream& stream, const Value& value) {
    stream << value;
};

TEST(Secret, CannotBePrintedByMistake) {
    static_assert(Streamed<std::string> && fmt::is_formattable<std::string>::value);
    static_assert(!Streamed<Secret> && !fmt::is_formattable<Secret>::value);
    static_assert(!std::is_convertible_v<Secret, std::string> &&
                  !std::is_convertible_v<Secret, std::string_view>);
    EXPECT_EQ(Secret("hush").reveal(), "hush");
}

TEST(Secret, LeavesNothingWhereItWasMovedFrom) {
    Secret from("a secret that is longer than what a string keeps inside");
    const Secret to(std::move(from));
    EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move)
    EXPECT_EQ(to.size(), 55U);
}

}  // namespace
}  // namespace tti
