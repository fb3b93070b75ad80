#include "backup/open_place.hpp"

#include <fmt/format.h>

#include "backup/folder.hpp"
#include "backup/object_place.hpp"
#include "cli/object_encryption.hpp"
#include "util/error.hpp"

namespace tti::backup {

bool is_elsewhere(std::string_view text) {
    return text.find("://") != std::string_view::npos;
}

namespace {

std::unique_ptr<Place> make_place(const cli::Context& context, const std::string& text,
                                  aws::Encryption encryption) {
    if (text.starts_with("s3://")) return std::make_unique<ObjectPlace>(context, text, std::move(encryption));
    if (is_elsewhere(text)) {
        throw UsageError(fmt::format("\"{}\" is neither a folder nor in S3", text),
                         "Name a folder, or s3://BUCKET/FOLDER.");
    }
    auto path = (context.surroundings.working_directory / text).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    return std::make_unique<Folder>(std::move(path));
}

}  // namespace

std::unique_ptr<Place> open_place(const cli::Context& context, const std::string& text) {
    return make_place(context, text, {});
}

std::unique_ptr<Place> open_place_to_write(const cli::Context& context, const std::string& text) {
    if (!text.starts_with("s3://")) cli::require_no_object_encryption(context.values);
    return make_place(context, text, cli::object_encryption(context.values));
}

}  // namespace tti::backup
