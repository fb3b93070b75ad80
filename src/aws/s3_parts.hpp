#pragma once

#include <string>
#include <string_view>

#include "aws/s3.hpp"

// What S3, its writer and its reader share.
namespace tti::aws {

// The base64 of S3's headers: with "=" at its end.
std::string padded_base64(std::string_view bytes);

// The headers that ask for encryption and, unless it may be replaced, for a place that is free.
std::map<std::string, std::string> write_headers(const WriteOptions& options);
std::map<std::string, std::string> encryption_headers(const Encryption& encryption);

// Throws Error when the answer to a write tells of another encryption than was asked for.
void require_encrypted(const ObjectAddress& address, const Encryption& asked, const http::Answer& answer);

[[noreturn]] void throw_exists(const ObjectAddress& address);
[[noreturn]] void throw_missing(const ObjectAddress& address);

ObjectDescription description_of(const http::Answer& answer);

}  // namespace tti::aws
