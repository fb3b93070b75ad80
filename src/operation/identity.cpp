#include <array>
#include <cstdlib>

#include <unistd.h>

#include "operation/ecs_task.hpp"
#include "operation/journal.hpp"
#include "util/account.hpp"
#include "util/version.hpp"

namespace tti::operation {
namespace {

std::string user_name() {
    const auto account = util::account_of(geteuid());
    return account.name.starts_with('#') ? std::to_string(account.user) : account.name;
}

std::string host_name() {
    std::array<char, 256> name{};
    return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

// Asked for once: a metadata service that hangs must not hold up every command of an upgrade.
const std::string& task_name() {
    static const std::string task = [] {
        const char* metadata = std::getenv("ECS_CONTAINER_METADATA_URI_V4");
        return metadata == nullptr ? std::string() : ask_for_task(metadata);
    }();
    return task;
}

}  // namespace

Identity current_identity(std::string command) {
    return {user_name(),       host_name(), getpid(), task_name(), std::string(util::version()),
            std::move(command)};
}

std::string_view describe(Outcome outcome) {
    switch (outcome) {
        case Outcome::running:
            return "running";
        case Outcome::done:
            return "done";
        case Outcome::failed:
            return "failed";
        case Outcome::partly_failed:
            return "partly failed";
        case Outcome::interrupted:
            return "interrupted";
    }
    return "unknown";
}

}  // namespace tti::operation
