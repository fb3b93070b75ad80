#include "aws/signature.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace tti::aws {
namespace {

using nlohmann::json;

Request request_of(const json& entry, const std::string& body) {
    Request request{.method = entry.at("method"), .path = entry.at("path"), .body = body};
    for (const auto& pair : entry.at("query")) request.query.emplace_back(pair.at(0), pair.at(1));
    for (const auto& [name, value] : entry.at("headers").items()) request.headers[name] = value;
    return request;
}

std::string header(const Request& request, const std::string& name) {
    const auto found = request.headers.find(name);
    return found == request.headers.end() ? std::string() : found->second;
}

TEST(Signature, EqualsThatOfBotocore) {
    const auto entries = json::parse(std::ifstream(TTI_SIGNATURES));
    ASSERT_GE(entries.size(), 15U);
    for (const auto& entry : entries) {
        SCOPED_TRACE(entry.at("name").get<std::string>());
        const std::string body = entry.at("body");
        auto request = request_of(entry, body);
        const Credentials credentials{.access_key_id = "AKIDEXAMPLE",
                                      .secret_access_key = Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                                      .session_token = Secret(entry.at("token").get<std::string>())};
        const Scope scope{"eu-west-1", entry.at("service")};
        const auto now = *parse_iso_time("2026-04-05T06:07:08Z");
        sign(request, entry.at("host"), credentials, scope, now);
        EXPECT_EQ(header(request, "authorization"), entry.at("authorization"));
        EXPECT_EQ(header(request, "x-amz-content-sha256"), entry.at("content_hash"));
        EXPECT_EQ(header(request, "x-amz-security-token"), entry.at("token"));
        // A retry signs anew, and nothing of the first time is in the way.
        sign(request, entry.at("host"), credentials, scope, now + std::chrono::seconds{1});
        EXPECT_NE(header(request, "authorization"), entry.at("authorization"));
        sign(request, entry.at("host"), credentials, scope, now);
        EXPECT_EQ(header(request, "authorization"), entry.at("authorization"));
    }
}

// Source: Amazon S3, "Examples: Signature calculations", GET object.
TEST(Signature, IsThatOfTheManual) {
    Request request{.method = "GET", .path = "/test.txt", .headers = {{"range", "bytes=0-9"}}};
    sign(request, "examplebucket.s3.amazonaws.com",
         {.access_key_id = "AKIAIOSFODNN7EXAMPLE",
          .secret_access_key = Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")},
         {"us-east-1", "s3"}, *parse_iso_time("2013-05-24T00:00:00Z"));
    EXPECT_TRUE(header(request, "authorization")
                    .ends_with("Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));
}

}  // namespace
}  // namespace tti::aws
