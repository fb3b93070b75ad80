#include "cli/object_encryption.hpp"

#include <gtest/gtest.h>

namespace tti::cli {
namespace {

TEST(ObjectEncryption, IsAnAlgorithmWithOrWithoutItsKey) {
    const auto parsed = [](const char* text) {
        const auto encryption = parse_object_encryption(text);
        return encryption ? encryption->algorithm + " " + encryption->key_id : "refused";
    };
    EXPECT_EQ(parsed("AES256"), "AES256 ");
    EXPECT_EQ(parsed("aws:kms"), "aws:kms ");
    EXPECT_EQ(parsed("aws:kms:alias/backups"), "aws:kms alias/backups");
    EXPECT_EQ(parsed("aws:kms:arn:aws:kms:eu-west-1:1:key/k"), "aws:kms arn:aws:kms:eu-west-1:1:key/k");
    EXPECT_EQ(parsed("aws:kms:dsse"), "aws:kms:dsse ");
    EXPECT_EQ(parsed("aws:kms:dsse:k"), "aws:kms:dsse k");
    for (const auto* bad : {"", "aes256", "AES256:k", "aws:kms:", "aws:kms:dsse:", "aws:kmsx", "kms"}) {
        EXPECT_EQ(parsed(bad), "refused") << bad;
    }
}

}  // namespace
}  // namespace tti::cli
