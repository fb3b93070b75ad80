#include "aws/s3.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "aws/query_protocol.hpp"
#include "aws/s3_parts.hpp"
#include "util/percent.hpp"

namespace tti::aws {
namespace {

constexpr auto list_objects = "ListObjectsV2";

bool is_bucket_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-' ||
           letter == '.';
}

Expected<ObjectAddress> split_address(std::string_view text, const char* accepted) {
    constexpr std::string_view scheme = "s3://";
    constexpr std::size_t shortest = 3;
    constexpr std::size_t longest = 63;
    if (!text.starts_with(scheme)) return unexpected(accepted);
    text.remove_prefix(scheme.size());
    const auto slash = text.find('/');
    const auto bucket = text.substr(0, slash);
    const auto key = slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1);
    const bool fits = bucket.size() >= shortest && bucket.size() <= longest &&
                      std::all_of(bucket.begin(), bucket.end(), is_bucket_letter);
    if (!fits) {
        return unexpected("a bucket's name has 3 to 63 small letters, digits, hyphens and dots");
    }
    return ObjectAddress{std::string(bucket), std::string(key)};
}

bool is_missing(const Problem& problem) {
    return problem.code == "NoSuchKey" || problem.code == "HTTP 404";
}

// Of a list that was asked for with encoding-type=url.
std::string decoded(std::string_view text) {
    std::string codes(text);
    std::ranges::replace(codes, '+', ' ');
    return util::percent_decoded(codes);
}

}  // namespace

Expected<ObjectAddress> parse_object_address(std::string_view text) {
    constexpr auto accepted = "accepted: s3://BUCKET/KEY, such as s3://backups/eu1/is-db";
    constexpr std::size_t longest_key = 1024;
    auto address = split_address(text, accepted);
    if (address && (address->key.empty() || address->key.size() > longest_key)) return unexpected(accepted);
    return address;
}

Expected<ObjectAddress> parse_folder_address(std::string_view text) {
    constexpr std::size_t longest_folder = 900;  // of a key's 1024 bytes
    auto address = split_address(text, "accepted: s3://BUCKET/FOLDER, such as s3://backups/eu1");
    if (!address || address->key.empty()) return address;
    if (address->key.size() > longest_folder) return unexpected("a folder's name has at most 900 bytes");
    if (!address->key.ends_with('/')) address->key += '/';
    return address;
}

http::Answer S3::call(const Operation& operation, const ObjectAddress& address, Request request) {
    try {
        return call_there(operation, address, request);
    } catch (const ServiceError& error) {
        const auto& region = error.problem().region;
        const bool elsewhere = error.problem().status == 301 || error.problem().status == 400;
        if (!elsewhere || region.empty() || regions_.contains(address.bucket)) throw;
        regions_[address.bucket] = region;
    }
    return call_there(operation, address, std::move(request));
}

http::Answer S3::call_there(const Operation& operation, const ObjectAddress& address, Request request) {
    const auto found = regions_.find(address.bucket);
    const auto& region = found == regions_.end() ? service_.options().region : found->second;
    auto place = place_of(address, region, service_.options().endpoint);
    request.path = std::move(place.path);
    return service_.send_to(place.host, region, operation, std::move(request));
}

std::optional<ObjectDescription> S3::find(const ObjectAddress& address) {
    return find_part(address, 0);
}

std::optional<ObjectDescription> S3::find_part(const ObjectAddress& address, std::uint64_t part) {
    Request request{.method = "HEAD", .headers = {{"x-amz-checksum-mode", "ENABLED"}}};
    if (part > 0) request.query = {{"partNumber", std::to_string(part)}};
    try {
        return description_of(
            call({"HeadObject", "s3:GetObject (and s3:ListBucket, if the object may be missing)"}, address,
                 std::move(request)));
    } catch (const ServiceError& error) {
        if (is_missing(error.problem())) return std::nullopt;
        throw;
    }
}

void S3::put(const ObjectAddress& address, std::string_view bytes, const WriteOptions& options) {
    const auto digest = util::sha256(bytes);
    Request request{.method = "PUT", .headers = write_headers(options), .body = bytes};
    request.headers.merge(checksum_headers(digest));
    try {
        require_encrypted(address, options.encryption,
                          call({"PutObject", "s3:PutObject"}, address, std::move(request)));
    } catch (const ServiceError& error) {
        constexpr int precondition_failed = 412;
        if (error.problem().status != precondition_failed) throw;
        // The answer to an earlier attempt may have got lost: then what is there is ours.
        const auto there = find(address);
        if (!there || there->checksum != padded_base64(digest)) throw_exists(address);
    }
}

std::string S3::get(const ObjectAddress& address) {
    ObjectReader reader(*this, address);
    std::string bytes(reader.description().size, '\0');
    std::size_t have = 0;
    for (auto more = reader.read(bytes); more > 0; more = reader.read(std::span(bytes).subspan(have))) {
        have += more;
    }
    return bytes;
}

void S3::remove(const ObjectAddress& address) {
    try {
        call({"DeleteObject", "s3:DeleteObject"}, address, {.method = "DELETE"});
    } catch (const ServiceError& error) {
        if (!is_missing(error.problem())) throw;
    }
}

void S3::list(const std::string& bucket, const std::string& prefix,
              const std::function<void(const ListedObject&)>& take) {
    std::string continuation;
    do {
        Request request{.method = "GET",
                        .query = {{"list-type", "2"}, {"encoding-type", "url"}, {"prefix", prefix}}};
        if (!continuation.empty()) request.query.emplace_back("continuation-token", continuation);
        const auto answer = call({list_objects, "s3:ListBucket"}, {bucket, ""}, std::move(request));
        const Xml xml(answer.body, "AWS s3 ListObjectsV2");
        for (const auto object : xml.root().children("Contents")) {
            take({.key = decoded(object.child_value("Key")),
                  .size = object.child("Size").text().as_ullong(),
                  .modified = parse_iso_time(object.child_value("LastModified"))});
        }
        continuation = xml.root().child_value("NextContinuationToken");
    } while (!continuation.empty());
}

}  // namespace tti::aws
