#include "identity_server/rules.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tti::identity_server {
namespace {

using testing::HasSubstr;

TEST(UserId, HasTwoTo36Characters) {
    for (const auto& id :
         std::vector<std::string>{"ab", "admin", "a-b", "0-9", "a-b-c-d", std::string(36, 'a')}) {
        EXPECT_TRUE(check_user_id(id)) << id;
    }
    for (const auto& id : std::vector<std::string>{"", "a", "A B!", "Admin", "-ab", "ab-", "a--b", "a_b",
                                                   "a.b", "ä1", std::string(37, 'a')}) {
        EXPECT_FALSE(check_user_id(id)) << id;
    }
    EXPECT_EQ(check_user_id("A").error(),
              "a user ID has 2 to 36 lower-case letters and digits, with single dashes between them");
}

TEST(OtherIds, HaveThreeCharactersAtLeast) {
    EXPECT_TRUE(check_entity_id("cli"));
    EXPECT_FALSE(check_entity_id("ab"));
    EXPECT_TRUE(check_tenant_id("acme-1"));
    EXPECT_FALSE(check_tenant_id("ac"));
    EXPECT_FALSE(check_tenant_id("NULL"));
}

TEST(Email, FollowsTheHtmlPattern) {
    for (const char* address :
         {"admin@localhost", "a.b+c@example.com", "o'neil@x-y.example", "!#$%&'*+/=?^_`{|}~-@a.b"}) {
        EXPECT_TRUE(check_email(address)) << address;
    }
    for (const std::string address :
         {"", "notanemail", "@example.com", "a@", "a@b..c", "a@-b.c", "a@b-.c", "a b@c.d", "a@b@c",
          "ä@example.com", "a@ex_ample.com", "a@.com", "a@com."}) {
        EXPECT_FALSE(check_email(address)) << address;
    }
    EXPECT_TRUE(check_email("a@" + std::string(63, 'b')));
    EXPECT_FALSE(check_email("a@" + std::string(64, 'b')));
}

TEST(Name, HasFiftyCharactersNotBytes) {
    std::string fifty;
    for (int index = 0; index < 50; ++index) {
        fifty += "ü";
    }
    EXPECT_TRUE(check_name(fifty));
    EXPECT_TRUE(check_name(""));
    EXPECT_EQ(check_name(fifty + "x").error(), "a name has at most 50 characters, this one has 51");
    EXPECT_THAT(check_name("\xFF").error(), HasSubstr("UTF-8"));
    EXPECT_FALSE(check_name(std::string_view("a\0b", 3)));
}

TEST(ClientSecret, HasAtMost128Characters) {
    EXPECT_TRUE(check_client_secret(Secret(std::string(128, 'x'))));
    EXPECT_FALSE(check_client_secret(Secret(std::string(129, 'x'))));
    EXPECT_FALSE(check_client_secret(Secret()));
    EXPECT_THAT(check_client_secret(Secret("hidden\xFF")).error(), testing::Not(HasSubstr("hidden")));
}

TEST(RedirectUri, IsAbsoluteOrAPathOrOneOfTwoWords) {
    for (const char* uri : {"https://thethings.example.com/console/oauth/callback", "/console/oauth/callback",
                            "code", "local-callback", "http://127.0.0.1", "http://[::1]:11885/oauth/callback",
                            "com.example.app://callback", "https://x?a=b"}) {
        EXPECT_TRUE(check_redirect_uri(uri)) << uri;
    }
    for (const char* uri : {"", "console", "https://", "https:///path", "://host", "https:host", "1a://host",
                            "https://:80/", "https://a/b#c", "/a#b", "/a;/b", "/a b", "/a\tb", "/a\xFF"}) {
        EXPECT_FALSE(check_redirect_uri(uri)) << uri;
    }
    EXPECT_TRUE(check_redirect_uri("/" + std::string(127, 'a')));
    EXPECT_FALSE(check_redirect_uri("/" + std::string(128, 'a')));
    EXPECT_THAT(check_redirect_uri("/a;/b").error(), HasSubstr(";"));
}

TEST(RedirectUriCount, IsTenAtMost) {
    EXPECT_TRUE(check_redirect_uri_count(10));
    EXPECT_EQ(check_redirect_uri_count(11).error(), "at most 10 are accepted, 11 were given");
}

}  // namespace
}  // namespace tti::identity_server
