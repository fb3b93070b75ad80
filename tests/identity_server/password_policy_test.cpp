#include "identity_server/password_policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "identity_server/characters.hpp"

namespace tti::identity_server {
namespace {

using testing::HasSubstr;

std::string refusal(const std::string& password, const PasswordRequirements& requirements = {}) {
    const auto check = check_password(Secret(password), "alice", requirements);
    return check ? "" : check.error();
}

TEST(PasswordPolicy, AcceptsWhatTheDefaultsAskFor) {
    EXPECT_EQ(refusal("Abcdefg1"), "");
}

TEST(PasswordPolicy, NamesTheFirstBrokenRuleInTheStacksOrder) {
    EXPECT_THAT(refusal("x"), HasSubstr("min-length"));
    EXPECT_THAT(refusal(std::string(1000, 'x') + "é", {.max_length = 1000}), HasSubstr("1000 characters"));
    EXPECT_THAT(refusal("abcdefghij", {.max_length = 9}), HasSubstr("max-length"));
    EXPECT_THAT(refusal("abcdefgh"), HasSubstr("min-uppercase"));
    EXPECT_THAT(refusal("Abcdefgh"), HasSubstr("min-digits"));
    EXPECT_THAT(refusal("Abcdefg1", {.min_special = 1}), HasSubstr("min-special"));
    EXPECT_THAT(refusal("xALICE12345"), HasSubstr("reject-user-id"));
    EXPECT_THAT(refusal("Password1", {.reject_common = true}), HasSubstr("reject-common"));
}

TEST(PasswordPolicy, CountsLengthInBytesAndClassesInUnicode) {
    EXPECT_EQ(refusal("Éabcde1"), "");   // 8 bytes, 7 characters
    EXPECT_EQ(refusal("Ünicode٣"), "");  // an upper-case letter and a digit outside ASCII
    EXPECT_EQ(refusal("Abcdef1é"), "");
    EXPECT_THAT(refusal("Abcdef1é", {.min_special = 1}), HasSubstr("min-special"));  // é is a letter
    EXPECT_EQ(refusal("Abcdef1 ", {.min_special = 1}), "");
}

TEST(PasswordPolicy, SettingsSwitchRulesOff) {
    EXPECT_EQ(
        refusal("alice", {.min_length = 0, .min_uppercase = 0, .min_digits = 0, .reject_user_id = false}),
        "");
}

TEST(PasswordPolicy, NeverRepeatsThePassword) {
    EXPECT_THAT(refusal("Hunter"), testing::Not(HasSubstr("Hunter")));
}

TEST(PasswordForm, HoldsWithoutAPolicyToo) {
    EXPECT_TRUE(check_password_form(Secret("x")));
    EXPECT_FALSE(check_password_form(Secret("")));
    EXPECT_FALSE(check_password_form(Secret("\xFF")));
    std::string many;
    for (int index = 0; index < 1000; ++index) {
        many += "é";
    }
    EXPECT_TRUE(check_password_form(Secret(many)));
    EXPECT_FALSE(check_password_form(Secret(many + "x")));
}

TEST(Characters, AreClassifiedBeyondAscii) {
    EXPECT_TRUE(is_uppercase_letter(U'Ж'));
    EXPECT_FALSE(is_uppercase_letter(U'ж'));
    EXPECT_TRUE(is_decimal_digit(U'９'));
    EXPECT_FALSE(is_decimal_digit(U'½'));
    EXPECT_FALSE(is_letter_or_number(U'€'));
    EXPECT_EQ(lower_case(U"ÀB1"), U"àb1");
}

}  // namespace
}  // namespace tti::identity_server
