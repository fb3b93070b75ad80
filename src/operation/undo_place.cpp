#include "operation/undo_place.hpp"

#include <string>

#include <fmt/format.h>

#include "util/error.hpp"

namespace tti::operation {
namespace {

std::string variable(const settings::Surroundings& surroundings, const std::string& name) {
    const auto found = surroundings.environment.find(name);
    return found == surroundings.environment.end() ? "" : found->second;
}

}  // namespace

bool in_container(const settings::Surroundings& surroundings, const std::filesystem::path& root) {
    std::error_code ignored;
    return !variable(surroundings, "ECS_CONTAINER_METADATA_URI_V4").empty() ||
           !variable(surroundings, "ECS_CONTAINER_METADATA_URI").empty() ||
           std::filesystem::exists(root / ".dockerenv", ignored) ||
           std::filesystem::exists(root / "run/.containerenv", ignored);
}

std::filesystem::path default_undo_folder(const settings::Surroundings& surroundings) {
    const auto state = variable(surroundings, "XDG_STATE_HOME");
    const auto home = variable(surroundings, "HOME");
    if (state.empty() && home.empty()) {
        return {};
    }
    const auto base =
        state.empty() ? std::filesystem::path(home) / ".local/state" : std::filesystem::path(state);
    return base / "tti-lw-stack/undo";
}

std::filesystem::path named_undo_folder(const std::string& text, const settings::Surroundings& surroundings) {
    if (text.empty()) throw UsageError("option undo-to is empty", "Name a folder, or use --no-undo.");
    if (text.starts_with("s3://")) {
        throw UsageError(
            fmt::format("option undo-to = {}: an undo file is kept in a folder, and not in S3", text),
            "Name a folder on a disk that lasts, or use --no-undo after a backup to S3.");
    }
    return surroundings.working_directory / text;
}

}  // namespace tti::operation
