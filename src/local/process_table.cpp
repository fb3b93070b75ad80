#include "local/process_table.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>
#include <vector>

#include <sys/stat.h>

namespace tti::local {
namespace {

struct Entry {
    pid_t process = 0;
    pid_t parent = 0;
};

std::vector<std::string> arguments_of(const std::filesystem::path& entry) {
    std::ifstream file(entry / "cmdline", std::ios::binary);
    std::vector<std::string> arguments;
    for (std::string argument; std::getline(file, argument, '\0');) {
        arguments.push_back(argument);
    }
    return arguments;
}

struct Status {
    char state = 'X';  // 'X' where there is no such process
    pid_t parent = 0;
};

Status status_of(const std::filesystem::path& entry) {
    std::ifstream file(entry / "stat");
    std::string line;
    std::getline(file, line);
    // "PID (name) STATE PARENT …", where the name may hold anything.
    std::istringstream rest(line.substr(std::min(line.rfind(')') + 1, line.size())));
    Status status;
    rest >> status.state >> status.parent;
    return status;
}

bool has_name(const std::vector<std::string>& arguments, const std::string& name) {
    return !arguments.empty() && std::filesystem::path(arguments.front()).filename() == name;
}

bool owned_by(const std::filesystem::path& entry, uid_t user) {
    struct stat found {};
    return stat(entry.c_str(), &found) == 0 && found.st_uid == user;
}

pid_t number_of(const std::filesystem::path& entry) {
    const auto name = entry.filename().string();
    pid_t number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    return error == std::errc() && end == name.data() + name.size() ? number : 0;
}

}  // namespace

std::optional<pid_t> find_process(const std::string& name, const std::string& argument, uid_t user) {
    std::vector<Entry> found;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", ignored)) {
        const pid_t process = number_of(entry.path());
        if (process == 0 || !owned_by(entry.path(), user)) {
            continue;
        }
        const auto arguments = arguments_of(entry.path());
        if (has_name(arguments, name) && std::ranges::find(arguments, argument) != arguments.end()) {
            found.push_back({process, status_of(entry.path()).parent});
        }
    }
    // Children that a server forked look like it, but for their parent.
    const auto main = std::ranges::find_if(found, [&](const Entry& candidate) {
        return std::ranges::find(found, candidate.parent, &Entry::process) == found.end();
    });
    return main == found.end() ? std::nullopt : std::optional(main->process);
}

bool is_alive(pid_t process) {
    const char state = status_of(std::filesystem::path("/proc") / std::to_string(process)).state;
    return state != 'X' && state != 'Z';
}

bool is_process(pid_t process, const std::string& name) {
    return has_name(arguments_of(std::filesystem::path("/proc") / std::to_string(process)), name);
}

}  // namespace tti::local
