#include "local/presentation.hpp"

#include <array>
#include <chrono>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "settings/value.hpp"
#include "util/text.hpp"

namespace tti::local {
namespace {

std::string address(const ServerState& server) {
    return fmt::format("127.0.0.1:{}", server.port);
}

std::string since(const Answer& answer) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    return settings::format_time(now - answer.uptime);
}

std::string readable_size(std::int64_t bytes) {
    constexpr std::array units{"bytes", "KiB", "MiB", "GiB", "TiB"};
    auto size = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (size >= 1024 && unit + 1 < units.size()) {
        size /= 1024;
        ++unit;
    }
    return fmt::format("{:.{}f} {}", size, unit == 0 ? 0 : 1, units.at(unit));
}

// Columns: server, address, whatever the command has to say of it.
std::string line(const ServerState& server, std::string_view rest) {
    return fmt::format("{:<11} {:<16} {}\n", server.name, address(server), rest);
}

std::string condition(const ServerState& server) {
    if (server.answer) {
        return fmt::format("running since {}, version {}, {}", since(*server.answer), server.answer->version,
                           readable_size(server.answer->bytes));
    }
    return server.problem.empty() ? "not running" : "running, but it does not answer: " + server.problem;
}

std::string head(const Site& site) {
    return fmt::format("{:<11} {}\n", "folder", site.layout.folder.string());
}

}  // namespace

std::string describe_up(const Site& site, const State& state, std::string_view next) {
    auto text = head(site);
    for (const auto& server : state.servers) {
        text += line(server, fmt::format("version {}, {}", server.answer ? server.answer->version : "unknown",
                                         server.changed ? "started" : "was running"));
    }
    text += fmt::format("{:<11} {}, user {}{}\n", "database", database_name, database_user,
                        state.created_database ? ", created" : "");
    return text + fmt::format("next: {}", next);
}

std::string describe_down(const Site& site, const State& state) {
    auto text = head(site);
    for (const auto& server : state.servers) {
        text += line(server, server.changed ? "stopped" : "was not running");
    }
    return text + "next: tti-lw-stack local up";
}

std::string describe_status(const Site& site, const State& state) {
    auto text = head(site);
    for (const auto& server : state.servers) {
        text += line(server, condition(server));
    }
    return text + (state.running() ? "next: tti-lw-stack is-db status" : "next: tti-lw-stack local up");
}

nlohmann::json to_json(const Site& site, const State& state) {
    nlohmann::json servers = nlohmann::json::array();
    for (const auto& server : state.servers) {
        nlohmann::json entry{{"name", server.name},
                             {"address", address(server)},
                             {"running", server.answer.has_value()},
                             {"changed", server.changed}};
        if (server.answer) {
            entry["version"] = server.answer->version;
            entry["since"] = since(*server.answer);
            entry["bytes"] = server.answer->bytes;
        } else if (!server.problem.empty()) {
            entry["problem"] = server.problem;
        }
        servers.push_back(std::move(entry));
    }
    return {{"folder", site.layout.folder.string()},
            {"database", database_name},
            {"running", state.running()},
            {"servers", std::move(servers)}};
}

std::map<std::string, std::string> environment_of(const Record& record) {
    return {{"TTN_LW_IS_DATABASE_URI", database_uri(record).reveal()},
            {"TTN_LW_REDIS_ADDRESS", redis_address(record)},
            {"TTN_LW_REDIS_PASSWORD", record.redis_password.reveal()}};
}

std::string describe_environment(const std::map<std::string, std::string>& variables) {
    std::string text;
    for (const auto& [name, value] : variables) {
        text += fmt::format("{}export {}={}", text.empty() ? "" : "\n", name, util::shell_quoted(value));
    }
    return text;
}

}  // namespace tti::local
