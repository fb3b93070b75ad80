#pragma once

#include <charconv>
#include <map>
#include <optional>

#include "aws/fake_s3.hpp"
#include "aws/s3_parts.hpp"
#include "util/sha256.hpp"

namespace tti::undo {

// S3 with one bucket "kept", in memory; a test may say another answer, and change what is kept.
class MemoryS3 {
  public:
    std::map<std::string, std::string> objects;  // by key
    std::function<std::optional<test::HttpReply>(const test::HttpRequest&)> otherwise;

    // Owned by this.
    [[nodiscard]] std::shared_ptr<aws::S3> s3() { return {std::shared_ptr<void>(), fake_.s3.get()}; }
    std::vector<test::HttpRequest> requests() { return fake_.server.requests(); }
    std::vector<std::string> calls() { return fake_.calls(); }

  private:
    static constexpr std::string_view path = "/kept/";

    test::HttpReply answer(const test::HttpRequest& request) {
        if (otherwise) {
            if (auto reply = otherwise(request)) return *reply;
        }
        if (request.target.find("list-type=2") != std::string::npos) return list();
        const auto key = request.target.substr(path.size());
        const auto found = objects.find(key);
        const bool there = found != objects.end();
        if (request.method == "PUT") {
            if (there && request.headers.contains("if-none-match")) return {.status = 412};
            objects[key] = request.body;
            return with_encryption(request);
        }
        if (!there) return aws::missing();
        if (request.method == "GET") return {.status = 206, .body = part(found->second, request)};
        return {.headers = {{"content-length", std::to_string(found->second.size())},
                            {"etag", "\"e\""},
                            {"x-amz-checksum-sha256", aws::padded_base64(util::sha256(found->second))}}};
    }

    static test::HttpReply with_encryption(const test::HttpRequest& request) {
        const auto asked = request.headers.find("x-amz-server-side-encryption");
        if (asked == request.headers.end()) return {};
        return {.headers = {{asked->first, asked->second}}};
    }

    static std::string part(const std::string& bytes, const test::HttpRequest& request) {
        const auto range = request.headers.at("range").substr(std::string("bytes=").size());
        const auto from = std::stoul(range);
        return bytes.substr(from, std::stoul(range.substr(range.find('-') + 1)) - from + 1);
    }

    [[nodiscard]] test::HttpReply list() const {
        std::string body = "<R>";
        for (const auto& [key, bytes] : objects)
            body += "<Contents><Key>" + key + "</Key><Size>" + std::to_string(bytes.size()) +
                    "</Size></Contents>";
        return {.body = body + "</R>"};
    }

    aws::FakeS3 fake_{[this](const test::HttpRequest& request) { return answer(request); }};
};

}  // namespace tti::undo
