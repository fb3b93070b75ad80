#include "backup/open_place.hpp"

#include <fmt/format.h>

#include "backup/folder.hpp"
#include "util/error.hpp"

namespace tti::backup {

std::unique_ptr<Place> open_place(const cli::Context& context, const std::string& text) {
    if (text.find("://") != std::string::npos) {
        throw UsageError(fmt::format("\"{}\" is no folder, and this build keeps archives nowhere else", text),
                         "Name a folder.");
    }
    auto path = (context.surroundings.working_directory / text).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    return std::make_unique<Folder>(std::move(path));
}

}  // namespace tti::backup
