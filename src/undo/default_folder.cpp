#include "undo/default_folder.hpp"

#include <string>

namespace tti::undo {
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

std::filesystem::path default_folder(const settings::Surroundings& surroundings) {
    const auto state = variable(surroundings, "XDG_STATE_HOME");
    const auto home = variable(surroundings, "HOME");
    if (state.empty() && home.empty()) {
        return {};
    }
    const auto base =
        state.empty() ? std::filesystem::path(home) / ".local/state" : std::filesystem::path(state);
    return base / "tti-lw-stack/undo";
}

}  // namespace tti::undo
