#include <array>
#include <cstdlib>

#include <unistd.h>

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

// ECS tells a container its metadata address, whose path holds the task's ID; nothing is contacted to know
// it.
std::string task_name() {
    const char* metadata = std::getenv("ECS_CONTAINER_METADATA_URI_V4");
    if (metadata == nullptr) return {};
    const std::string address(metadata);
    return address.substr(address.rfind('/') + 1);
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
