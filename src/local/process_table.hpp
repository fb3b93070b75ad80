#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <sys/types.h>

namespace tti::local {

// The main process of a server, found by how it was started: program `name`, run by `user`, with `argument`
// among its arguments. A file with a process ID would be stale after a crash, and missing after a crash while
// starting.
std::optional<pid_t> find_process(const std::string& name, const std::string& argument, uid_t user);

// Whether it has not ended: one that nobody has waited for yet (a zombie) has.
bool is_alive(pid_t process);

// Whether that process is `name`, run by anybody.
bool is_process(pid_t process, const std::string& name);

}  // namespace tti::local
