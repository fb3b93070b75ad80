#include "aws/s3_parts.hpp"

#include <charconv>

#include <fmt/format.h>

#include "util/base64.hpp"

namespace tti::aws {
namespace {

constexpr auto algorithm_header = "x-amz-server-side-encryption";
constexpr auto key_header = "x-amz-server-side-encryption-aws-kms-key-id";

std::uint64_t number(const std::string& text) {
    std::uint64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

std::string padded_base64(std::string_view bytes) {
    auto text = util::base64(bytes);
    while (text.size() % 4 != 0) text += '=';
    return text;
}

std::map<std::string, std::string> checksum_headers(std::string_view digest) {
    return {{"x-amz-checksum-sha256", padded_base64(digest)}, {"x-amz-sdk-checksum-algorithm", "SHA256"}};
}

bool is_of_parts(const ObjectDescription& description) {
    // Some that speak like S3 say so only in the entity tag.
    return description.checksum.find('-') != std::string::npos ||
           description.entity_tag.find('-') != std::string::npos;
}

std::map<std::string, std::string> encryption_headers(const Encryption& encryption) {
    std::map<std::string, std::string> headers;
    if (!encryption.algorithm.empty()) headers[algorithm_header] = encryption.algorithm;
    if (!encryption.key_id.empty()) headers[key_header] = encryption.key_id;
    return headers;
}

std::map<std::string, std::string> write_headers(const WriteOptions& options) {
    auto headers = encryption_headers(options.encryption);
    headers["content-type"] = "application/octet-stream";
    if (!options.replace) headers["if-none-match"] = "*";
    return headers;
}

void require_encrypted(const ObjectAddress& address, const Encryption& asked, const http::Answer& answer) {
    const auto got = answer.header(algorithm_header);
    if (asked.algorithm.empty() || got == asked.algorithm) return;
    throw Error(ExitCode::unexpected,
                fmt::format("{} was stored {}, though {} was asked for", address.display(),
                            got.empty() ? "without encryption" : "with " + got, asked.algorithm),
                "The server does not know this encryption; remove the object if it should not lie there.");
}

ObjectPlace place_of(const ObjectAddress& address, const std::string& region, const Endpoint& endpoint) {
    const auto in_path = "/" + address.bucket + (address.key.empty() ? "" : "/" + address.key);
    if (endpoint.custom) return {endpoint.host, in_path};
    const auto host = fmt::format("s3.{}.{}", region, domain_of(region));
    // A name with dots does not fit the certificate of *.s3.….
    if (address.bucket.find('.') != std::string::npos) return {host, in_path};
    return {address.bucket + "." + host, "/" + address.key};
}

void throw_exists(const ObjectAddress& address) {
    throw RefusedError(fmt::format("{} is there already, and is not replaced", address.display()),
                       "Name another key, or remove that object first.");
}

void throw_missing(const ObjectAddress& address) {
    throw RefusedError(fmt::format("there is no {}", address.display()),
                       "List what is there: aws s3 ls s3://" + address.bucket + "/");
}

ObjectDescription description_of(const http::Answer& answer) {
    return {.size = number(answer.header("content-length")),
            .entity_tag = answer.header("etag"),
            .checksum = answer.header("x-amz-checksum-sha256"),
            .modified = parse_http_date(answer.header("last-modified")),
            .encryption = {.algorithm = answer.header(algorithm_header), .key_id = answer.header(key_header)},
            .parts = number(answer.header("x-amz-mp-parts-count"))};
}

}  // namespace tti::aws
