#include "aws/s3.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/fake_s3.hpp"
#include "aws/s3_parts.hpp"
#include "support/trigger_stop.hpp"

namespace tti::aws {
namespace {

using test::HttpReply;
using test::HttpRequest;
using test::HttpServer;
using testing::HasSubstr;
using testing::SizeIs;

constexpr std::size_t part_size = std::size_t{5} << 20U;
constexpr auto begun =
    "<InitiateMultipartUploadResult><UploadId>u+1</UploadId></InitiateMultipartUploadResult>";

TEST(S3, ReadsAddresses) {
    const auto address = parse_object_address("s3://ttich-prod/eu1/undo 1.gz");
    ASSERT_TRUE(address);
    EXPECT_EQ(address->bucket, "ttich-prod");
    EXPECT_EQ(address->key, "eu1/undo 1.gz");
    EXPECT_EQ(address->display(), "s3://ttich-prod/eu1/undo 1.gz");
    EXPECT_EQ(parse_object_address("s3://bucket//x")->key, "/x");
    for (const auto& bad :
         {std::string("bucket/key"), std::string("s3://"), std::string("s3://bucket"),
          std::string("s3://bucket/"), std::string("s3://Bucket/key"), std::string("s3://a/key"),
          std::string("s3://evil.com:80/key"), "s3://bucket/" + std::string(1025, 'k')}) {
        EXPECT_FALSE(parse_object_address(bad)) << bad;
    }
}

TEST(S3, PutsTheBucketIntoTheHostWhereItFits) {
    const Endpoint aws{.scheme = "https", .host = "s3.eu-west-1.amazonaws.com"};
    const auto place = [&](const ObjectAddress& address, const std::string& region) {
        const auto [host, path] = place_of(address, region, aws);
        return host + path;
    };
    EXPECT_EQ(place({"backups", "a/b c"}, "eu-west-1"), "backups.s3.eu-west-1.amazonaws.com/a/b c");
    EXPECT_EQ(place({"backups", ""}, "cn-north-1"), "backups.s3.cn-north-1.amazonaws.com.cn/");
    EXPECT_EQ(place({"back.ups", "k"}, "eu-west-1"), "s3.eu-west-1.amazonaws.com/back.ups/k");
    const auto custom = place_of({"backups", "k"}, "eu-west-1", *parse_endpoint("http://localhost:9000/"));
    EXPECT_EQ(custom.host + custom.path, "localhost:9000/backups/k");
}

TEST(S3, RemovesThePartsOfWhatFailed) {
    FakeS3 fake([](const HttpRequest& request) {
        if (is(request, "HEAD", "")) return missing();
        if (is(request, "POST", "?uploads=")) return HttpReply{.body = begun};
        if (is(request, "PUT", "partNumber=2")) return HttpReply{.status = 500};
        return HttpReply{.headers = {{"etag", "\"e\""}}};
    });
    const std::string bytes(2 * part_size + 1, 'x');
    EXPECT_THROW(
        {
            ObjectWriter writer(*fake.s3, {"backups", "k"}, {.part_size = part_size});
            writer.write(bytes);
            writer.finish();
        },
        ServiceError);
    EXPECT_THAT(fake.calls(), testing::ElementsAre("HEAD /backups/k", "POST /backups/k?uploads=",
                                                   "PUT /backups/k?partNumber=1&uploadId=u%2B1",
                                                   "PUT /backups/k?partNumber=2&uploadId=u%2B1",
                                                   "PUT /backups/k?partNumber=2&uploadId=u%2B1",
                                                   "DELETE /backups/k?uploadId=u%2B1"));
}

TEST(S3, RemovesThePartsThoughAnEndWasAskedFor) {
    test::TriggerStop stop;
    HttpServer server([&stop](const HttpRequest& request) {
        if (is(request, "HEAD", "")) return missing();
        if (is(request, "POST", "?uploads=")) return HttpReply{.body = begun};
        if (is(request, "PUT", "partNumber=1")) stop.ask();
        return HttpReply{.headers = {{"etag", "\"e\""}}};
    });
    TestSurroundings test;
    test.use_keys();
    test.environment()["AWS_ENDPOINT_URL"] = server.url();
    const Surroundings surroundings{test.environment(), test.home.path(), test.clock, stop,
                                    [](const std::string&) {}};
    Session session(surroundings);
    S3 s3(session.service("s3"));
    EXPECT_THROW(
        {
            ObjectWriter writer(s3, {"backups", "k"}, {.part_size = part_size});
            writer.write(std::string(2 * part_size + 1, 'x'));
        },
        InterruptedError);
    EXPECT_EQ(server.requests().back().method, "DELETE");
}

// What S3 keeps of two parts of these bytes.
std::string checksum_of(const std::string& first, const std::string& second) {
    return padded_base64(util::sha256(util::sha256(first) + util::sha256(second))) + "-2";
}

// The upload is complete, and the answer to that gets lost; the next attempt finds no such upload.
TEST(S3, FindsWhatIsCompleteThoughTheAnswerGotLost) {
    const std::string first(part_size, 'x');
    const std::string second = "y";
    std::string kept = checksum_of(first, second);
    bool complete = false;
    const auto answer = [&](const HttpRequest& request) {
        if (is(request, "HEAD", "")) {
            return complete ? HttpReply{.headers = {{"x-amz-checksum-sha256", kept}}} : missing();
        }
        if (is(request, "POST", "?uploads=")) return HttpReply{.body = begun};
        if (is(request, "POST", "?uploadId=")) {
            const bool before = std::exchange(complete, true);
            if (!before) return HttpReply{.cut = true};
            return HttpReply{.status = 404, .body = "<Error><Code>NoSuchUpload</Code></Error>"};
        }
        return HttpReply{.headers = {{"etag", "\"e\""}}};
    };
    const auto write = [&] {
        complete = false;
        FakeS3 fake(answer);
        ObjectWriter writer(*fake.s3, {"backups", "k"}, {.part_size = part_size});
        writer.write(first + second);
        writer.finish();
        return fake.calls();
    };
    EXPECT_EQ(write().back(), "HEAD /backups/k");
    kept = checksum_of(first, "z");
    EXPECT_THROW(write(), ServiceError);
}

// What tells S3 how to keep an object goes with its beginning, what it is to be with every part.
TEST(S3, SendsChecksumsAndEncryptionOfEveryPart) {
    const std::vector<std::string> parts{std::string(part_size, 'x'), "y"};
    FakeS3 fake([](const HttpRequest& request) {
        if (is(request, "POST", "?uploads=")) {
            return HttpReply{.body = begun, .headers = {{"x-amz-server-side-encryption", "aws:kms"}}};
        }
        return HttpReply{.headers = {{"etag", is(request, "PUT", "partNumber=1") ? "\"one\"" : "\"two\""}}};
    });
    ObjectWriter writer(*fake.s3, {"backups", "k"},
                        {.encryption = {.algorithm = "aws:kms", .key_id = "alias/backups"},
                         .replace = true,
                         .part_size = part_size});
    writer.write(parts[0] + parts[1]);
    writer.finish();
    const auto requests = fake.server.requests();
    ASSERT_THAT(requests, SizeIs(4));
    EXPECT_EQ(requests[0].headers.at("x-amz-server-side-encryption"), "aws:kms");
    EXPECT_EQ(requests[0].headers.at("x-amz-server-side-encryption-aws-kms-key-id"), "alias/backups");
    EXPECT_EQ(requests[0].headers.at("x-amz-checksum-algorithm"), "SHA256");
    for (const std::size_t part : {std::size_t{0}, std::size_t{1}}) {
        EXPECT_EQ(requests[part + 1].body, parts[part]);
        EXPECT_EQ(requests[part + 1].headers.at("x-amz-checksum-sha256"),
                  padded_base64(util::sha256(parts[part])));
        EXPECT_THAT(
            requests[3].body,
            HasSubstr("<ChecksumSHA256>" + padded_base64(util::sha256(parts[part])) + "</ChecksumSHA256>"));
    }
    EXPECT_THAT(requests[3].body, HasSubstr("<PartNumber>2</PartNumber><ETag>\"two\"</ETag>"));
}

// The server compares what it got with the checksum: bytes that were changed on the way are no object.
TEST(S3, IsToldOfDamageOnTheWay) {
    FakeS3 fake([](const HttpRequest& request) {
        if (is(request, "POST", "?uploads=")) return HttpReply{.body = begun};
        if (request.method != "PUT") return missing();
        return HttpReply{.status = 400, .body = "<Error><Code>BadDigest</Code></Error>"};
    });
    const auto code = [](const auto& work) {
        try {
            work();
        } catch (const ServiceError& error) {
            return error.problem().code;
        }
        return std::string("kept");
    };
    EXPECT_EQ(code([&] { fake.s3->put({"backups", "k"}, "x", {}); }), "BadDigest");
    EXPECT_EQ(code([&] {
                  ObjectWriter writer(*fake.s3, {"backups", "k"}, {.part_size = part_size});
                  writer.write(std::string(part_size + 1, 'x'));
              }),
              "BadDigest");
    EXPECT_EQ(fake.calls().back(), "DELETE /backups/k?uploadId=u%2B1");
}

TEST(S3, AWriterLooksFirstUnlessToldNotTo) {
    FakeS3 fake(
        [](const HttpRequest& request) { return request.method == "HEAD" ? missing() : HttpReply{}; });
    for (const bool looks : {true, false}) {
        ObjectWriter writer(*fake.s3, {"backups", "k"}, {.looks_first = looks});
        writer.write("x");
        writer.finish();
    }
    EXPECT_THAT(fake.calls(), testing::ElementsAre("HEAD /backups/k", "PUT /backups/k", "PUT /backups/k"));
}

TEST(S3, ReadsAddressesOfFolders) {
    EXPECT_EQ(parse_folder_address("s3://backups")->key, "");
    EXPECT_EQ(parse_folder_address("s3://backups/")->key, "");
    EXPECT_EQ(parse_folder_address("s3://backups/eu1/undo")->key, "eu1/undo/");
    EXPECT_EQ(parse_folder_address("s3://backups/eu1/undo/")->display(), "s3://backups/eu1/undo/");
    for (const auto& bad : {std::string("backups"), std::string("s3://"), std::string("s3:///x"),
                            std::string("s3://Backups/x"), "s3://backups/" + std::string(901, 'k')}) {
        EXPECT_FALSE(parse_folder_address(bad)) << bad;
    }
}

TEST(S3, TriesACompletionAgainThatFailedInDisguise) {
    int times = 0;
    FakeS3 fake([&times](const HttpRequest& request) {
        if (is(request, "HEAD", "")) return missing();
        if (is(request, "POST", "?uploads=")) return HttpReply{.body = begun};
        if (is(request, "POST", "?uploadId=") && ++times == 1) {
            return HttpReply{.body = "<?xml version=\"1.0\"?>\n<Error><Code>InternalError</Code></Error>"};
        }
        return HttpReply{.headers = {{"etag", "\"e\""}}};
    });
    ObjectWriter writer(*fake.s3, {"backups", "k"}, {.part_size = part_size});
    writer.write(std::string(part_size + 1, 'x'));
    writer.finish();
    EXPECT_EQ(times, 2);
}

TEST(S3, SeesWhereAServerDoesNotEncrypt) {
    FakeS3 fake([](const HttpRequest&) { return HttpReply{}; });
    try {
        fake.s3->put({"backups", "k"}, "x", {.encryption = {.algorithm = "aws:kms"}});
        FAIL() << "it was not encrypted";
    } catch (const Error& error) {
        EXPECT_STREQ(error.what(),
                     "s3://backups/k was stored without encryption, though aws:kms was asked for");
    }
}

// An object of one part whose bytes are not those that its checksum is of.
TEST(S3, SeesDamage) {
    const std::string bytes = "all that was written";
    const auto server = [&](const std::string& given) {
        return [&, given](const HttpRequest& request) {
            if (request.method == "GET") return HttpReply{.status = 206, .body = given};
            return HttpReply{.headers = {{"content-length", std::to_string(bytes.size())},
                                         {"etag", "\"e\""},
                                         {"x-amz-checksum-sha256", padded_base64(util::sha256(bytes))}}};
        };
    };
    EXPECT_EQ(FakeS3(server(bytes)).s3->get({"backups", "k"}), bytes);
    auto damaged = bytes;
    damaged[3] = 'X';
    try {
        FakeS3(server(damaged)).s3->get({"backups", "k"});
        FAIL() << "it is damaged";
    } catch (const Error& error) {
        EXPECT_THAT(error.what(), HasSubstr("s3://backups/k is damaged"));
    }
    EXPECT_THROW(FakeS3(server("less")).s3->get({"backups", "k"}), Error);
}

// Each part has a checksum of its own; the one of the object is over those.
TEST(S3, SeesDamageInAPart) {
    const std::vector<std::string> parts{"first part, ", "second"};
    std::string given = parts[0] + parts[1];
    const auto answer = [&](const HttpRequest& request) {
        if (request.method == "GET") {
            const auto range = request.headers.at("range");
            const auto from = std::stoul(range.substr(6));
            const auto to = std::stoul(range.substr(range.find('-') + 1));
            return HttpReply{.status = 206, .body = given.substr(from, to - from + 1)};
        }
        const auto place = request.target.find("partNumber=");
        if (place == std::string::npos) {
            return HttpReply{.headers = {{"content-length", "18"},
                                         {"etag", "\"e\""},
                                         {"x-amz-checksum-sha256", checksum_of(parts[0], parts[1])}}};
        }
        const auto& part = parts.at(std::stoul(request.target.substr(place + 11)) - 1);
        return HttpReply{.headers = {{"content-length", std::to_string(part.size())},
                                     {"etag", "\"e\""},
                                     {"x-amz-checksum-sha256", padded_base64(util::sha256(part))}}};
    };
    EXPECT_EQ(FakeS3(answer).s3->get({"backups", "k"}), "first part, second");
    given[15] = 'X';
    FakeS3 fake(answer);
    ObjectReader reader(*fake.s3, {"backups", "k"}, 5);
    std::array<char, 100> buffer{};
    std::size_t read = 0;
    EXPECT_THROW(while (const auto more = reader.read(buffer)) read += more, Error);
    EXPECT_LE(read, 17U);
}

TEST(S3, ListsPageByPage) {
    FakeS3 fake([](const HttpRequest& request) {
        const bool second = is(request, "GET", "continuation-token=1%2Bx%3D");
        return HttpReply{.body = second ? "<R><Contents><Key>b%2Bc</Key><Size>7</Size></Contents></R>"
                                        : "<R><NextContinuationToken>1+x=</NextContinuationToken><Contents>"
                                          "<Key>a+b</Key></Contents></R>"};
    });
    std::vector<std::string> keys;
    fake.s3->list("backups", "a/b c", [&](const ListedObject& object) { keys.push_back(object.key); });
    EXPECT_THAT(keys, testing::ElementsAre("a b", "b+c"));
    EXPECT_EQ(fake.calls().at(0), "GET /backups?list-type=2&encoding-type=url&prefix=a%2Fb%20c");
}

TEST(S3, FollowsABucketToItsRegion) {
    FakeS3 fake([](const HttpRequest& request) {
        const bool there = request.headers.at("authorization").find("/us-west-2/s3/") != std::string::npos;
        return there ? HttpReply{}
                     : HttpReply{.status = 301, .headers = {{"x-amz-bucket-region", "us-west-2"}}};
    });
    EXPECT_TRUE(fake.s3->find({"backups", "k"}));
    EXPECT_TRUE(fake.s3->find({"backups", "k"}));
    EXPECT_THAT(fake.server.requests(), SizeIs(3));
}

}  // namespace
}  // namespace tti::aws
