#include "settings/config_paths.hpp"

#include <algorithm>

namespace tti::settings {
namespace {

constexpr const char* file_name = ".ttn-lw-stack.yml";

// Empty where the variable is absent or empty: neither names a folder.
std::filesystem::path folder_variable(const Surroundings& surroundings, const std::string& name) {
    const auto found = surroundings.environment.find(name);
    return found == surroundings.environment.end() ? std::filesystem::path{}
                                                   : std::filesystem::path{found->second};
}

}  // namespace

std::vector<std::filesystem::path> default_config_paths(const Surroundings& surroundings) {
    const std::filesystem::path home = folder_variable(surroundings, "HOME");
    std::filesystem::path user_config = folder_variable(surroundings, "XDG_CONFIG_HOME");
    if (user_config.empty() && !home.empty()) user_config = home / ".config";

    std::vector<std::filesystem::path> paths;
    for (const std::filesystem::path& folder : {surroundings.working_directory, home, user_config}) {
        if (folder.empty()) continue;
        std::filesystem::path path = (surroundings.working_directory / folder / file_name).lexically_normal();
        if (std::ranges::find(paths, path) == paths.end()) paths.push_back(std::move(path));
    }
    return paths;
}

}  // namespace tti::settings
