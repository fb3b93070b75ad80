#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/s3.hpp"
#include "aws/surroundings_of_test.hpp"
#include "support/aws_server.hpp"

namespace tti::aws {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::size_t mebibyte = std::size_t{1} << 20U;

// Bytes that compress and repeat nowhere.
std::string noise(std::size_t size) {
    std::string bytes(size, '\0');
    std::minstd_rand random(7);
    for (auto& byte : bytes) byte = static_cast<char>(random() >> 8U);
    return bytes;
}

class S3Test : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        server = std::make_unique<test::AwsServer>();
        ASSERT_EQ(server->python("client('s3').create_bucket(Bucket='backups', CreateBucketConfiguration="
                                 "{'LocationConstraint': 'eu-west-1'})"),
                  "");
    }
    static void TearDownTestSuite() { server.reset(); }

    S3Test() {
        test_.use_keys();
        test_.environment()["AWS_ENDPOINT_URL_S3"] = server->url();
        session_ = std::make_unique<Session>(test_.surroundings);
        s3_ = std::make_unique<S3>(session_->service("s3"));
    }

    void write(const ObjectAddress& address, std::string_view bytes, std::size_t piece,
               const WriteOptions& options) {
        ObjectWriter writer(*s3_, address, options);
        for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
            writer.write(bytes.substr(0, piece));
        }
        writer.finish();
    }

    std::string read(const ObjectAddress& address, std::size_t piece) {
        ObjectReader reader(*s3_, address, piece);
        std::string bytes;
        std::array<char, 100'000> buffer{};
        while (const auto size = reader.read(buffer)) bytes.append(buffer.data(), size);
        return bytes;
    }

    std::string uploads() {
        return server->python(
            "print(len(client('s3').list_multipart_uploads(Bucket='backups').get('Uploads', [])))");
    }

    inline static std::unique_ptr<test::AwsServer> server;
    TestSurroundings test_;
    std::unique_ptr<Session> session_;
    std::unique_ptr<S3> s3_;
};

TEST_F(S3Test, PutsGetsAndRemoves) {
    const ObjectAddress address{"backups", "a b+c=d&e~f%20g/\u00fcber/(1)!'*,;:@$"};
    EXPECT_FALSE(s3_->find(address));
    EXPECT_THROW(s3_->get(address), RefusedError);
    s3_->put(address, "bytes", {});
    EXPECT_EQ(s3_->get(address), "bytes");
    const auto found = s3_->find(address);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->size, 5U);
    // printf bytes | openssl dgst -sha256 -binary | base64
    EXPECT_EQ(found->checksum, "J3CJ2RwL308uaGK6fkoHYFEZQx9dE/cm3TUrBvGyBqk=");
    EXPECT_EQ(server->python("import sys; r = client('s3').list_objects_v2(Bucket='backups')\n"
                             "sys.stdout.buffer.write(r['Contents'][0]['Key'].encode())"),
              address.key);
    s3_->remove(address);
    s3_->remove(address);
    EXPECT_FALSE(s3_->find(address));
}

TEST_F(S3Test, WritesSmallObjectsInOneRequest) {
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, 5 * mebibyte}) {
        const ObjectAddress address{"backups", "small/" + std::to_string(size)};
        const auto bytes = noise(size);
        write(address, bytes, mebibyte, {.part_size = 5 * mebibyte});
        EXPECT_EQ(s3_->find(address)->checksum.find('-'), std::string::npos);
        EXPECT_EQ(read(address, mebibyte), bytes);
    }
}

TEST_F(S3Test, WritesLargeObjectsInPartsAndReadsThemBack) {
    const auto bytes = noise(11 * mebibyte + 1);
    const ObjectAddress address{"backups", "large"};
    write(address, bytes, 700'001, {.part_size = 5 * mebibyte});
    EXPECT_THAT(s3_->find(address)->entity_tag, testing::EndsWith("-3\""));
    EXPECT_FALSE(s3_->find(address)->checksum.empty());
    EXPECT_EQ(read(address, 2 * mebibyte), bytes);
    EXPECT_EQ(uploads(), "0\n");
}

TEST_F(S3Test, LeavesNothingOfWhatWasNotFinished) {
    const ObjectAddress address{"backups", "unfinished"};
    {
        ObjectWriter writer(*s3_, address, {.part_size = 5 * mebibyte});
        writer.write(noise(6 * mebibyte));
        EXPECT_EQ(uploads(), "1\n");
    }
    EXPECT_EQ(uploads(), "0\n");
    EXPECT_FALSE(s3_->find(address));
}

TEST_F(S3Test, ReplacesNothingUnlessTold) {
    const ObjectAddress address{"backups", "once"};
    s3_->put(address, "first", {});
    EXPECT_THROW(s3_->put(address, "second", {}), RefusedError);
    EXPECT_THROW(ObjectWriter(*s3_, address, {}), RefusedError);
    EXPECT_EQ(s3_->get(address), "first");
    // As after an answer that got lost.
    s3_->put(address, "first", {});
    s3_->put(address, "second", {.replace = true});
    EXPECT_EQ(s3_->get(address), "second");
}

TEST_F(S3Test, AsksForEncryptionAndSeesIt) {
    const ObjectAddress address{"backups", "encrypted"};
    const WriteOptions options{.encryption = {.algorithm = "aws:kms", .key_id = "alias/backups"},
                               .part_size = 5 * mebibyte};
    s3_->put(address, "x", options);
    EXPECT_EQ(s3_->find(address)->encryption.algorithm, "aws:kms");
    EXPECT_EQ(s3_->find(address)->encryption.key_id, "alias/backups");
    s3_->remove(address);
    write(address, noise(6 * mebibyte), mebibyte, options);
    EXPECT_EQ(s3_->find(address)->encryption.algorithm, "aws:kms");
}

TEST_F(S3Test, ListsWhatBeginsSo) {
    const std::vector<std::string> written{"list/a +%", "list/b&<", "list/\u00fc", "listen"};
    for (const auto& key : written) s3_->put({"backups", key}, key, {.replace = true});
    std::vector<std::string> keys;
    s3_->list("backups", "list/", [&](const ListedObject& object) {
        keys.push_back(object.key);
        EXPECT_EQ(object.size, object.key.size());
        EXPECT_TRUE(object.modified);
    });
    EXPECT_THAT(keys, ElementsAre(written[0], written[1], written[2]));
    keys.clear();
    s3_->list("backups", "nothing/", [&](const ListedObject& object) { keys.push_back(object.key); });
    EXPECT_THAT(keys, testing::IsEmpty());
}

TEST_F(S3Test, SaysWhatIsWrong) {
    try {
        s3_->put({"nobodys", "key"}, "x", {});
        FAIL() << "there is no such bucket";
    } catch (const ServiceError& error) {
        EXPECT_EQ(error.problem().code, "NoSuchBucket");
        EXPECT_THAT(error.what(), HasSubstr("AWS s3 PutObject: "));
    }
}

TEST_F(S3Test, RefusesAnObjectThatIsReplacedWhileItIsRead) {
    const ObjectAddress address{"backups", "moving"};
    s3_->put(address, noise(3 * mebibyte), {});
    ObjectReader reader(*s3_, address, mebibyte);
    std::array<char, 100> buffer{};
    ASSERT_EQ(reader.read(buffer), 100U);
    s3_->put(address, noise(3 * mebibyte + 1), {.replace = true});
    EXPECT_THROW(while (reader.read(buffer) > 0){}, RefusedError);
}

}  // namespace
}  // namespace tti::aws
