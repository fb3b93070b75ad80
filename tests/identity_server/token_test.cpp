#include "identity_server/token.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tti::identity_server {
namespace {

using testing::MatchesRegex;

TEST(Token, HasTheStacksFormOfAnApiKey) {
    const Token token = generate_api_key();
    EXPECT_THAT(token.id, MatchesRegex("[A-Z2-7]{39}"));
    EXPECT_THAT(token.key.reveal(), MatchesRegex("[A-Z2-7]{52}"));
    EXPECT_EQ(token.text.reveal(), "NNSXS." + token.id + "." + token.key.reveal());
}

TEST(Token, IsAnotherOneEachTime) {
    EXPECT_NE(generate_api_key().text.reveal(), generate_api_key().text.reveal());
    EXPECT_NE(generate_key().reveal(), generate_key().reveal());
}

}  // namespace
}  // namespace tti::identity_server
