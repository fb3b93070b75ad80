#include "util/name_lookup.hpp"

#include <string>

#include <gmock/gmock.h>

namespace tti::util {
namespace {

using testing::Contains;
using testing::ElementsAre;

std::vector<std::string> addresses_of(const std::string& host) {
    NeverStop never;
    return NameLookup(host).wait({}, never).value();
}

TEST(NameLookups, GiveTheAddressesAsNumbers) {
    EXPECT_THAT(addresses_of("localhost"), Contains("127.0.0.1"));
}

TEST(NameLookups, LeaveNumbersAsTheyAre) {
    EXPECT_THAT(addresses_of("192.0.2.7"), ElementsAre("192.0.2.7"));
    EXPECT_THAT(addresses_of("2001:db8::7"), ElementsAre("2001:db8::7"));
}

TEST(NameLookups, FailInTheWordsOfTheSystem) {
    NeverStop never;
    // Longer than a part of a name may be, so that no name server is asked.
    EXPECT_EQ(NameLookup(std::string(64, 'a')).wait({}, never).error(), "Name or service not known");
}

}  // namespace
}  // namespace tti::util
