#include "operation/deletion_limit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "settings/resolve.hpp"
#include "util/error.hpp"

namespace tti::operation {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::optional<DeletionLimit> limit_of(const std::vector<settings::FlagText>& flags) {
    const std::vector<settings::Option> options{
        {.name = "max-delete", .description = "the most that may go"}};
    return deletion_limit(settings::resolve_flags(options, flags).values);
}

TEST(DeletionLimit, IsANumberOrAShare) {
    EXPECT_TRUE(parse_deletion_limit("5")->allows(5, 5));
    EXPECT_FALSE(parse_deletion_limit("5")->allows(6, 1000));
    EXPECT_TRUE(parse_deletion_limit("5%")->allows(5, 100));
    EXPECT_FALSE(parse_deletion_limit("5%")->allows(6, 100));
    EXPECT_TRUE(parse_deletion_limit("0.5%")->allows(1, 200));
    EXPECT_FALSE(parse_deletion_limit("0")->allows(1, 200));
    for (const char* text : {"", "%", "-1", "1.5", "101%", "five", "5 %", "1e3", "nan", "inf", "5%%"}) {
        EXPECT_FALSE(parse_deletion_limit(text)) << text;
    }
}

TEST(DeletionLimit, IsNoneWhereNothingIsSaid) {
    EXPECT_FALSE(limit_of({}));
    EXPECT_EQ(limit_of({{"max-delete", "5%"}})->text, "5%");
}

TEST(DeletionLimit, NamesTheOptionAndWhatIsAccepted) {
    try {
        limit_of({{"max-delete", "some"}});
        FAIL() << "accepted";
    } catch (const UsageError& error) {
        EXPECT_THAT(error.what(),
                    AllOf(HasSubstr("option max-delete = \"some\""), HasSubstr("accepted: a number")));
    }
}

}  // namespace
}  // namespace tti::operation
