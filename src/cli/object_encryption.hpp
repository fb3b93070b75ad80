#pragma once

#include <string_view>

#include "aws/s3.hpp"
#include "settings/option.hpp"
#include "settings/values.hpp"
#include "util/expected.hpp"

namespace tti::cli {

// --s3-encryption, of commands that write into S3.
settings::Option object_encryption_option();

// "AES256", "aws:kms" or "aws:kms:dsse", the latter two with ":KEY" after them.
Expected<aws::Encryption> parse_object_encryption(std::string_view text);

// What is asked for; nothing where the bucket is to decide. Throws UsageError.
aws::Encryption object_encryption(const settings::Values& values);

// Throws UsageError where it was given, for what does not go into S3.
void require_no_object_encryption(const settings::Values& values);

}  // namespace tti::cli
