#include <algorithm>

#include <fmt/format.h>

#include "aws/s3.hpp"
#include "aws/s3_parts.hpp"

namespace tti::aws {

ObjectReader::ObjectReader(S3& s3, ObjectAddress address, std::size_t piece_size)
    : s3_(s3), address_(std::move(address)), piece_size_(piece_size) {
    auto found = s3_.find(address_);
    if (!found) throw_missing(address_);
    description_ = std::move(*found);
    begin_part();
}

// A checksum over those of parts says nothing of the bytes: each part's own is asked for.
void ObjectReader::begin_part() {
    hash_.reset();
    ++part_;
    part_end_ = description_.size;
    part_checksum_ = description_.checksum;
    if (is_of_parts(description_)) {
        const auto part = s3_.find_part(address_, part_);
        const bool known = part && part->entity_tag == description_.entity_tag &&
                           !is_of_parts({.checksum = part->checksum}) &&
                           offset_ + part->size <= description_.size;
        if (known) part_end_ = offset_ + part->size;
        part_checksum_ = known ? part->checksum : std::string();
    }
    if (!part_checksum_.empty()) hash_.emplace();
}

void ObjectReader::end_part() {
    if (hash_ && padded_base64(hash_->digest()) != part_checksum_) {
        throw Error(ExitCode::unexpected,
                    fmt::format("{} is damaged: its bytes up to {} have another SHA-256 than was kept",
                                address_.display(), offset_),
                    "Read it again; if that ends here too, take another backup.");
    }
    hash_.reset();
}

void ObjectReader::fetch() {
    const auto end = std::min(part_end_, offset_ + piece_size_);
    try {
        auto answer = s3_.call({"GetObject", "s3:GetObject"}, address_,
                               {.method = "GET",
                                .headers = {{"range", fmt::format("bytes={}-{}", offset_, end - 1)},
                                            {"if-match", description_.entity_tag}}});
        piece_ = std::move(answer.body);
    } catch (const ServiceError& error) {
        constexpr int precondition_failed = 412;
        if (error.problem().status != precondition_failed) throw;
        throw RefusedError(fmt::format("{} was replaced while it was read", address_.display()),
                           "Run the same command again.");
    }
    if (piece_.size() != end - offset_) {
        throw Error(ExitCode::unexpected, fmt::format("{}: {} bytes came instead of {}", address_.display(),
                                                      piece_.size(), end - offset_));
    }
    used_ = 0;
    offset_ = end;
    if (hash_) hash_->update(piece_);
    if (offset_ == part_end_) end_part();
}

std::size_t ObjectReader::read(std::span<char> to) {
    if (to.empty()) return 0;
    if (used_ == piece_.size()) {
        if (offset_ == description_.size) return 0;
        if (offset_ == part_end_) begin_part();
        fetch();
    }
    const auto count = std::min(to.size(), piece_.size() - used_);
    std::copy_n(piece_.data() + used_, count, to.data());
    used_ += count;
    return count;
}

}  // namespace tti::aws
