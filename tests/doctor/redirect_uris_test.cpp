#include "doctor/redirect_uris.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tti::doctor {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string path = "/console/oauth/callback";
const std::string uri = "https://eu1.example.com/console/oauth/callback";

TEST(PageAddress, IsTakenAsTheStackSendsIt) {
    const auto page = parse_page_address("https://eu1.example.com/console");
    ASSERT_TRUE(page);
    EXPECT_EQ(page->origin, "https://eu1.example.com");
    EXPECT_EQ(page->mount, "/console");
    EXPECT_EQ(parse_page_address("http://localhost:1885/console")->origin, "http://localhost:1885");
    EXPECT_EQ(parse_page_address("https://[::1]:8885/console")->origin, "https://[::1]:8885");
}

TEST(PageAddress, RefusesWhatWouldBeSentWrong) {
    for (const auto* wrong : {"", "eu1.example.com/console", "ftp://eu1.example.com/console",
                              "https:///console", "https://eu1.example.com/console/",
                              "https://eu1.example.com//console", "https://eu1.example.com:443/console",
                              "http://eu1.example.com:80/console", "https://eu1.example.com/"}) {
        EXPECT_FALSE(parse_page_address(wrong)) << wrong;
    }
}

TEST(Domain, IsAHostNameAlone) {
    EXPECT_TRUE(check_domain("eu1.lora-wan.example.com"));
    for (const auto* wrong : {"", "https://a.b", "a.b/", "a.b:443", "a b", "a.b/console"}) {
        EXPECT_FALSE(check_domain(wrong)) << wrong;
    }
}

TEST(WantedUris, ArePathsTooOnAPrimaryCluster) {
    const PageAddress page{"https://eu1.example.com", "/console"};
    EXPECT_THAT(wanted_uris(page, false).redirect, ElementsAre(uri, path));
    EXPECT_THAT(wanted_uris(page, false).logout, ElementsAre("https://eu1.example.com/console", "/console"));
    EXPECT_THAT(wanted_uris(page, true).redirect, ElementsAre(uri));
    EXPECT_THAT(wanted_uris({"", "/noc"}, false).redirect, ElementsAre("/noc/oauth/callback"));
    EXPECT_THAT(wanted_uris({"", "/noc"}, true).redirect, IsEmpty());
}

struct MisspeltCase {
    std::string registered;
    std::string difference;
};

TEST(JudgeUris, KnowsWhatPeopleGetWrong) {
    const std::vector<MisspeltCase> cases{
        {"https://eu1.example.com:8885/console/oauth/callback", "its port is another"},
        {"https://eu1.example.com:443/console/oauth/callback", "its port is another"},
        {"https://eu1.example.com//console/oauth/callback", "a slash too many"},
        {"https://eu1.example.com/console/oauth/callback/", "ends in a slash"},
        {"http://eu1.example.com/console/oauth/callback", "its scheme is another"},
        {"https://EU1.example.com/console/oauth/callback", "spelt differently"},
    };
    for (const auto& [registered, difference] : cases) {
        const auto judgement = judge_uris({registered, path}, {uri, path}, false);
        ASSERT_THAT(judgement.faults, SizeIs(2)) << registered;
        EXPECT_THAT(judgement.faults[0].problem, HasSubstr("is not registered"));
        EXPECT_THAT(judgement.faults[1].problem, HasSubstr(difference));
        EXPECT_EQ(judgement.faults[1].severity, Severity::error);
        EXPECT_THAT(judgement.mended, ElementsAre(uri, path)) << "the misspelt one goes";
    }
}

TEST(JudgeUris, KeepsOtherUris) {
    const std::string other = "https://nam1.example.com/console/oauth/callback";
    EXPECT_THAT(judge_uris({other, path, uri}, {uri, path}, false).faults, IsEmpty());
    EXPECT_THAT(judge_uris({other}, {uri, path}, false).mended, ElementsAre(uri, path, other));
}

TEST(JudgeUris, WarnsOfPathsOnASecondaryClusterAlone) {
    const auto judgement = judge_uris({path, uri}, {uri}, true);
    ASSERT_THAT(judgement.faults, SizeIs(1));
    EXPECT_EQ(judgement.faults[0].severity, Severity::warning);
    EXPECT_THAT(judgement.mended, ElementsAre(uri));
    EXPECT_THAT(judge_uris({path, uri}, {uri}, false).faults, IsEmpty());
}

}  // namespace
}  // namespace tti::doctor
