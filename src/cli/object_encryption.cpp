#include "cli/object_encryption.hpp"

#include <array>

#include <fmt/format.h>

#include "settings/bad_value.hpp"

namespace tti::cli {
namespace {

constexpr auto option_name = "s3-encryption";

}  // namespace

settings::Option object_encryption_option() {
    return {.name = option_name,
            .description =
                "how S3 encrypts what is written: AES256, aws:kms or aws:kms:dsse, the latter two "
                "with a key after them (aws:kms:alias/backups); as the bucket is set when left out",
            .value_name = "HOW"};
}

Expected<aws::Encryption> parse_object_encryption(std::string_view text) {
    // The longer names first.
    constexpr std::array<std::string_view, 2> with_key{"aws:kms:dsse", "aws:kms"};
    if (text == "AES256") return aws::Encryption{.algorithm = std::string(text), .key_id = {}};
    for (const auto algorithm : with_key) {
        if (text == algorithm) return aws::Encryption{.algorithm = std::string(text), .key_id = {}};
        if (!text.starts_with(std::string(algorithm) + ":")) continue;
        const auto key = text.substr(algorithm.size() + 1);
        if (key.empty()) break;
        return aws::Encryption{.algorithm = std::string(algorithm), .key_id = std::string(key)};
    }
    return unexpected("accepted: AES256, aws:kms, aws:kms:KEY, aws:kms:dsse, aws:kms:dsse:KEY");
}

aws::Encryption object_encryption(const settings::Values& values) {
    if (!values.given(option_name)) return {};
    const auto& text = values.text(option_name);
    auto encryption = parse_object_encryption(text);
    if (!encryption) {
        throw UsageError(fmt::format("option {} = {}: {}", option_name, text, encryption.error()),
                         settings::correct_it);
    }
    return *encryption;
}

void require_no_object_encryption(const settings::Values& values) {
    if (!values.given(option_name)) return;
    throw UsageError(fmt::format("--{} means nothing for a folder", option_name),
                     "Leave it out, or name s3://BUCKET/FOLDER.");
}

}  // namespace tti::cli
