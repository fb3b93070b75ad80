#include <algorithm>

#include <fmt/format.h>

#include "aws/query_protocol.hpp"
#include "aws/s3.hpp"
#include "aws/s3_parts.hpp"

namespace tti::aws {
namespace {

// Source of the limits: Amazon S3, "Multipart upload limits".
constexpr std::size_t smallest_part = std::size_t{5} << 20U;
constexpr std::size_t most_parts = 10'000;

}  // namespace

ObjectWriter::ObjectWriter(S3& s3, ObjectAddress address, WriteOptions options)
    : s3_(s3), address_(std::move(address)), options_(std::move(options)) {
    options_.part_size = std::max(options_.part_size, smallest_part);
    if (!options_.replace && options_.looks_first) require_free();
}

// Before anything is sent, not after hours. Who may write only is told at the end.
void ObjectWriter::require_free() {
    try {
        if (s3_.find(address_)) throw_exists(address_);
    } catch (const ServiceError& error) {
        if (!is_forbidden(error.problem())) throw;
    }
}

ObjectWriter::~ObjectWriter() {
    if (!upload_.empty()) abort();
}

std::size_t ObjectWriter::next_part_size() const {
    constexpr std::size_t begin_to_grow = most_parts / 2;
    constexpr std::size_t doubles_after = 500;
    if (parts_.size() < begin_to_grow) return options_.part_size;
    return options_.part_size << ((parts_.size() - begin_to_grow) / doubles_after + 1);
}

void ObjectWriter::write(std::string_view bytes) {
    while (!bytes.empty()) {
        // A full part waits until there is more, so that the last one is never empty.
        const auto full = next_part_size();
        if (buffer_.size() >= full) {
            send_part();
            continue;
        }
        const auto piece = bytes.substr(0, full - buffer_.size());
        buffer_ += piece;
        size_ += piece.size();
        bytes.remove_prefix(piece.size());
    }
}

void ObjectWriter::begin() {
    Request request{.query = {{"uploads", ""}}, .headers = encryption_headers(options_.encryption)};
    request.headers["content-type"] = "application/octet-stream";
    request.headers["x-amz-checksum-algorithm"] = "SHA256";
    const auto answer = s3_.call({"CreateMultipartUpload", "s3:PutObject"}, address_, std::move(request));
    const Xml xml(answer.body, "AWS s3 CreateMultipartUpload");
    upload_ = xml.root().child_value("UploadId");
    if (upload_.empty()) {
        throw Error(ExitCode::unexpected, "AWS s3 CreateMultipartUpload: the answer names no upload");
    }
    require_encrypted(address_, options_.encryption, answer);
}

void ObjectWriter::send_part() {
    if (upload_.empty()) begin();
    const auto digest = util::sha256(buffer_);
    const auto number = parts_.size() + 1;
    const auto answer = s3_.call({"UploadPart", "s3:PutObject"}, address_,
                                 {.method = "PUT",
                                  .query = {{"partNumber", std::to_string(number)}, {"uploadId", upload_}},
                                  .headers = checksum_headers(digest),
                                  .body = buffer_});
    parts_.push_back({answer.header("etag"), digest});
    buffer_.clear();
}

void ObjectWriter::finish() {
    if (upload_.empty()) {
        s3_.put(address_, buffer_, options_);
        return;
    }
    send_part();
    complete();
    upload_.clear();
}

// Over the checksums of the parts, as S3 has it.
std::string ObjectWriter::checksum() const {
    std::string digests;
    for (const auto& part : parts_) digests += part.digest;
    return fmt::format("{}-{}", padded_base64(util::sha256(digests)), parts_.size());
}

std::string ObjectWriter::completion() const {
    std::string text = R"(<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">)";
    for (std::size_t number = 1; const auto& part : parts_) {
        text += fmt::format(
            "<Part><PartNumber>{}</PartNumber><ETag>{}</ETag><ChecksumSHA256>{}</ChecksumSHA256></Part>",
            number++, part.entity_tag, padded_base64(part.digest));
    }
    return text + "</CompleteMultipartUpload>";
}

void ObjectWriter::complete() {
    const auto body = completion();
    Request request{
        .query = {{"uploadId", upload_}}, .headers = {{"content-type", "application/xml"}}, .body = body};
    if (!options_.replace) request.headers["if-none-match"] = "*";
    try {
        s3_.call({"CompleteMultipartUpload", "s3:PutObject"}, address_, std::move(request));
    } catch (const ServiceError& error) {
        const auto& problem = error.problem();
        constexpr int precondition_failed = 412;
        if (problem.code != "NoSuchUpload" && problem.status != precondition_failed) throw;
        // The answer to an earlier attempt may have got lost: then what is there is ours.
        const auto there = s3_.find(address_);
        if (there && there->checksum == checksum()) return;
        if (problem.status == precondition_failed) throw_exists(address_);
        throw;
    }
}

void ObjectWriter::abort() noexcept {
    try {
        s3_.call({"AbortMultipartUpload", "s3:AbortMultipartUpload"}, address_,
                 {.method = "DELETE", .query = {{"uploadId", upload_}}, .in_any_case = true});
    } catch (const std::exception&) {  // NOLINT(bugprone-empty-catch): the error that led here counts
    }
    upload_.clear();
}

}  // namespace tti::aws
