#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aws/service.hpp"
#include "util/expected.hpp"
#include "util/sha256.hpp"

namespace tti::aws {

struct ObjectAddress {
    std::string bucket;
    std::string key;
    [[nodiscard]] std::string display() const { return "s3://" + bucket + "/" + key; }
};
// "s3://BUCKET/KEY"
Expected<ObjectAddress> parse_object_address(std::string_view text);
// "s3://BUCKET" or "s3://BUCKET/FOLDER": the key is what the keys below it begin with, "FOLDER/" or nothing.
Expected<ObjectAddress> parse_folder_address(std::string_view text);

struct Encryption {
    std::string algorithm;  // "AES256", "aws:kms", "aws:kms:dsse"; empty: what the bucket does by itself
    std::string key_id;     // of KMS; empty: AWS's own key
};

struct WriteOptions {
    Encryption encryption;
    bool replace = false;  // else an object that is there already is an error, and stays as it is
    // Whether a writer that replaces nothing looks before it sends anything, not only at its end.
    bool looks_first = true;
    // Of the parts of an object in parts, and so of the memory that writing takes; at least 5 MiB. Beyond
    // 5,000 parts they grow, since S3 takes no more than 10,000.
    std::size_t part_size = std::size_t{16} << 20U;
};

struct ObjectDescription {
    std::uint64_t size = 0;
    std::string entity_tag;  // changes with the content
    std::string checksum;    // SHA-256 in base64, "…-3" over those of three parts; empty where none is kept
    std::optional<Time> modified;
    Encryption encryption;
    std::uint64_t parts = 0;  // 0: written whole
};

struct ListedObject {
    std::string key;
    std::uint64_t size = 0;
    std::optional<Time> modified;
};

// Objects of S3 or what speaks like it. A custom endpoint gets the bucket in the path, AWS's own in the
// host's name; a bucket in another region is found there. Used from one thread. All throw ServiceError and
// http::TransferError.
class S3 {
  public:
    explicit S3(Service service) : service_(std::move(service)) {}

    // Nothing where there is no such object.
    std::optional<ObjectDescription> find(const ObjectAddress& address);
    // Throws RefusedError when it is there already and may not be replaced.
    void put(const ObjectAddress& address, std::string_view bytes, const WriteOptions& options);
    // Whole, in memory. Throws RefusedError when there is none.
    std::string get(const ObjectAddress& address);
    // No error where there is none.
    void remove(const ObjectAddress& address);
    // Every object whose key begins with `prefix`, in order of keys.
    void list(const std::string& bucket, const std::string& prefix,
              const std::function<void(const ListedObject&)>& take);

  private:
    friend class ObjectWriter;
    friend class ObjectReader;
    http::Answer call(const Operation& operation, const ObjectAddress& address, Request request);
    http::Answer call_there(const Operation& operation, const ObjectAddress& address, Request request);
    std::optional<ObjectDescription> find_part(const ObjectAddress& address, std::uint64_t part);

    Service service_;
    std::map<std::string, std::string> regions_;  // of buckets that are elsewhere
};

// Writes an object piece by piece. Nothing is to be seen of it before finish() has returned; without that,
// what was sent is removed again. Small ones go in one request. Every part is checked by its SHA-256 on the
// way, and the whole by those of its parts.
class ObjectWriter {
  public:
    // `s3` has to outlive it.
    ObjectWriter(S3& s3, ObjectAddress address, WriteOptions options);
    ObjectWriter(const ObjectWriter&) = delete;
    ObjectWriter& operator=(const ObjectWriter&) = delete;
    ~ObjectWriter();

    void write(std::string_view bytes);
    void finish();
    // What was given to write() so far.
    [[nodiscard]] std::uint64_t size() const { return size_; }

  private:
    struct Part {
        std::string entity_tag;
        std::string digest;
    };
    void require_free();
    void begin();
    void send_part();
    [[nodiscard]] std::size_t next_part_size() const;
    [[nodiscard]] std::string checksum() const;
    [[nodiscard]] std::string completion() const;
    void complete();
    void abort() noexcept;

    S3& s3_;
    ObjectAddress address_;
    WriteOptions options_;
    std::string buffer_;
    std::uint64_t size_ = 0;
    std::string upload_;  // S3's name of it; empty before the first part
    std::vector<Part> parts_;
};

// Reads an object piece by piece, in its state as of the beginning: one that is replaced meanwhile is an
// error. Where checksums are kept, each is compared as soon as what it is of has been read, and a difference
// is an error before read() says that the end is there.
class ObjectReader {
  public:
    // `s3` has to outlive it. Throws RefusedError where there is no such object.
    ObjectReader(S3& s3, ObjectAddress address, std::size_t piece_size = std::size_t{8} << 20U);

    // How many bytes were put into `to`; 0 at the end.
    std::size_t read(std::span<char> to);
    [[nodiscard]] const ObjectDescription& description() const { return description_; }

  private:
    void fetch();
    void begin_part();
    void end_part();

    S3& s3_;
    ObjectAddress address_;
    std::size_t piece_size_;
    ObjectDescription description_;
    std::string piece_;
    std::size_t used_ = 0;
    std::uint64_t offset_ = 0;  // of what has been fetched
    std::uint64_t part_ = 0;
    std::uint64_t part_end_ = 0;
    std::string part_checksum_;
    std::optional<util::Sha256> hash_;
};

}  // namespace tti::aws
