#include "redis/error.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace tti::redis {
namespace {

struct Kind {
    std::string_view name;
    ExitCode code;
    std::string_view hint;
};

constexpr std::string_view cluster_hint =
    "The Things Stack does not work with Redis Cluster; point redis.address to a server without cluster "
    "mode.";
constexpr std::string_view data_hint =
    "A key holds what the stack never writes there. Is redis.namespace the stack's? tti-lw-stack memory "
    "shows what lies in it.";
constexpr std::string_view log_hint = "Look at the log of that server, then run the same command again.";
constexpr std::string_view login_hint = "Check the user and password of the Redis server (redis.password).";

constexpr std::array kinds{
    Kind{"NOPERM", ExitCode::refused, "Let the user's ACL allow this command and these keys (ACL SETUSER)."},
    Kind{"NOAUTH", ExitCode::refused, login_hint},
    Kind{"WRONGPASS", ExitCode::refused, login_hint},
    Kind{"DENIED", ExitCode::refused,
         "The server is in protected mode; set a password there, or connect over its own machine."},
    Kind{"OOM", ExitCode::refused,
         "Raise maxmemory of the Redis server, or make room in it, then run the same command again."},
    Kind{"READONLY", ExitCode::refused, "Point redis.address to the primary; a replica takes no writes."},
    Kind{"MISCONF", ExitCode::refused,
         "The server cannot save its data; look at its log and disk, then run the same command again."},
    Kind{"NOREPLICAS", ExitCode::refused, "The primary has too few replicas to take writes; start them."},
    Kind{"CROSSSLOT", ExitCode::refused, cluster_hint},
    Kind{"MOVED", ExitCode::refused, cluster_hint},
    Kind{"ASK", ExitCode::refused, cluster_hint},
    Kind{"CLUSTERDOWN", ExitCode::refused, cluster_hint},
    Kind{"LOADING", ExitCode::unreachable,
         "Wait until the server has loaded its data, then run the same command again."},
    Kind{"MASTERDOWN", ExitCode::unreachable,
         "Wait until the replica has found its primary, or point redis.address to the primary."},
    Kind{"BUSY", ExitCode::unreachable,
         "Another client's script blocks the server; wait for its end, then run the same command again."},
    Kind{"TRYAGAIN", ExitCode::unreachable, "Run the same command again."},
    // Met only where a script is forgotten again and again.
    Kind{"NOSCRIPT", ExitCode::unexpected, "Run the same command again."},
};

// A refusal of an unknown command repeats its arguments, which may be a password or a device's keys.
std::string_view without_arguments(std::string_view text) {
    return text.substr(0, text.find(", with args beginning with"));
}

std::string shown(std::string_view text) {
    constexpr std::size_t longest = 300;
    const std::string_view kept = without_arguments(text);
    std::string line(kept.substr(0, longest));
    std::ranges::replace_if(
        line, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; }, ' ');
    while (line.ends_with('.') || line.ends_with(' ')) {
        line.pop_back();
    }
    return kept.size() > longest ? line + "…" : line;
}

std::string_view kind_of(std::string_view text) {
    return text.substr(0, text.find(' '));
}

}  // namespace

bool concerns_server(std::string_view text) {
    return std::ranges::find(kinds, kind_of(text), &Kind::name) != kinds.end();
}

ServerError server_error(std::string_view text, std::string_view command, const std::string& target) {
    const std::string_view name = kind_of(text);
    const std::string message = fmt::format("{} answered {} with an error: {}", target, command, shown(text));
    const auto* const known = std::ranges::find(kinds, name, &Kind::name);
    if (known == kinds.end()) {
        return {ExitCode::unexpected, std::string(name), message,
                std::string(name == "WRONGTYPE" ? data_hint : log_hint)};
    }
    return {known->code, std::string(name), message, std::string(known->hint)};
}

}  // namespace tti::redis
