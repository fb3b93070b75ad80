#include "postgres/program_address.hpp"

#include <gmock/gmock.h>

namespace tti::postgres {
namespace {

using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::Pair;

TEST(ProgramAddress, HandsThePasswordOnInAVariable) {
    const auto address = program_address(
        Uri::parse("postgres://stack:hush%20hush@db.example:5433/ttn?sslmode=require").value());
    ASSERT_TRUE(address.has_value());
    EXPECT_THAT(address->variables, IsSupersetOf({Pair("PGHOST", "db.example"), Pair("PGPORT", "5433"),
                                                  Pair("PGUSER", "stack"), Pair("PGPASSWORD", "hush hush"),
                                                  Pair("PGDATABASE", "ttn"), Pair("PGSSLMODE", "require")}));
    EXPECT_THAT(address->rest, Not(HasSubstr("hush")));
}

TEST(ProgramAddress, HandsNoSecretOnThatHasNoVariable) {
    const auto address =
        program_address(Uri::parse("postgres://stack@db.example/ttn?sslpassword=hush").value());
    ASSERT_FALSE(address.has_value());
    EXPECT_THAT(address.error(), HasSubstr("sslpassword"));
    EXPECT_THAT(address.error(), Not(HasSubstr("hush")));
}

}  // namespace
}  // namespace tti::postgres
