#pragma once

#include <string>
#include <string_view>

#include "aws/s3.hpp"

// What S3, its writer and its reader share.
namespace tti::aws {

// The base64 of S3's headers: with "=" at its end.
std::string padded_base64(std::string_view bytes);

// The headers by which S3 compares what comes with its SHA-256, and keeps that. The second is for what speaks
// like S3 and looks at what the SDKs send.
std::map<std::string, std::string> checksum_headers(std::string_view digest);

// Whether the checksum is over those of parts.
bool is_of_parts(const ObjectDescription& description);

// The headers that ask for encryption and, unless it may be replaced, for a place that is free.
std::map<std::string, std::string> write_headers(const WriteOptions& options);
std::map<std::string, std::string> encryption_headers(const Encryption& encryption);

// Throws Error when the answer to a write tells of another encryption than was asked for.
void require_encrypted(const ObjectAddress& address, const Encryption& asked, const http::Answer& answer);

// Where an object, or a bucket for an empty key, is asked for.
struct ObjectPlace {
    std::string host;
    std::string path;
};
ObjectPlace place_of(const ObjectAddress& address, const std::string& region, const Endpoint& endpoint);

[[noreturn]] void throw_exists(const ObjectAddress& address);
[[noreturn]] void throw_missing(const ObjectAddress& address);

ObjectDescription description_of(const http::Answer& answer);

}  // namespace tti::aws
