#include "local/server.hpp"

#include <csignal>

#include <fmt/format.h>

#include "local/ports.hpp"
#include "local/private_file.hpp"
#include "local/process_table.hpp"
#include "postgres/lock_safe.hpp"
#include "util/error.hpp"

namespace tti::local {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds pause_between{30};
// Replay after a crash takes long only where much had been written.
constexpr std::chrono::seconds answer_limit{300};
// How long processes that a killed PostgreSQL left may take to notice.
constexpr std::chrono::seconds left_over_limit{15};
constexpr std::chrono::milliseconds left_over_pause{200};
constexpr std::uintmax_t largest_log = 16U << 20U;
constexpr std::size_t shown_log = 2000;

std::uintmax_t size_of(const std::filesystem::path& file) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    return error ? 0 : size;
}

void rotate_log(const std::filesystem::path& log) {
    if (size_of(log) > largest_log) {
        std::filesystem::rename(log, std::filesystem::path(log) += ".1");
    }
}

std::string end_of(const std::filesystem::path& log, std::uintmax_t start) {
    const auto text = read_file(log, start).value_or("");
    return text.size() > shown_log ? text.substr(text.size() - shown_log) : text;
}

// What came of a start: the server answers, or it ended and this is what it said.
struct Started {
    bool answers = false;
    std::string last_words;
};

bool ended(const Server& server, Clock::time_point since) {
    // A program that has just been started may not be visible by its arguments yet.
    return !server.find() && Clock::now() - since > pause_between * 3;
}

Started wait_for_answer(Server& server, std::uintmax_t log_start, util::Stop& stop) {
    const auto since = Clock::now();
    for (;;) {
        const auto answer = server.ask(stop);
        if (answer) {
            return {true, {}};
        }
        if (ended(server, since)) {
            return {false, end_of(server.log(), log_start)};
        }
        if (Clock::now() - since > answer_limit) {
            throw UnreachableError(fmt::format("{} runs but does not answer after {} seconds: {}",
                                               server.name(), answer_limit.count(), answer.error()),
                                   fmt::format("Its log is {}.", server.log().string()));
        }
        postgres::pause(stop, pause_between);
    }
}

void leave_taken_port(Server& server, const std::function<void()>& moved) {
    if (!port_is_free(server.port())) {
        server.move_to(choose_port());
        moved();
    }
}

// PostgreSQL refuses to start beside processes of a killed one; those end by themselves, soon.
bool is_about_left_overs(const std::string& words) {
    return words.find("pre-existing shared memory block") != std::string::npos;
}

[[noreturn]] void throw_failed(const Server& server, const std::string& words) {
    throw Error(ExitCode::unexpected,
                fmt::format("{} ended while it was starting. It said:\n{}", server.name(), words),
                fmt::format("The whole log is {}.", server.log().string()));
}

}  // namespace

Was ensure_running(Server& server, const FolderLock& lock, util::Stop& stop,
                   const std::function<void()>& moved) {
    if (server.find() && wait_for_answer(server, size_of(server.log()), stop).answers) {
        return Was::running;
    }
    if (!server.has_data()) {
        server.make_data(lock, stop);
    }
    rotate_log(server.log());
    const auto begun = Clock::now();
    for (int attempt = 1;; ++attempt) {
        leave_taken_port(server, moved);
        const auto log_start = size_of(server.log());
        server.start();
        const auto started = wait_for_answer(server, log_start, stop);
        if (started.answers) {
            return Was::started;
        }
        const bool left_overs =
            is_about_left_overs(started.last_words) && Clock::now() - begun < left_over_limit;
        const bool port_was_taken = !port_is_free(server.port()) && attempt < 3;
        if (!left_overs && !port_was_taken) {
            throw_failed(server, started.last_words);
        }
        postgres::pause(stop, left_over_pause);
    }
}

bool stop_server(const Server& server, std::chrono::seconds limit, util::Stop& stop) {
    const auto process = server.find();
    if (!process) {
        return false;
    }
    kill(*process, server.stop_signal());
    const auto deadline = Clock::now() + limit;
    while (is_alive(*process)) {
        if (Clock::now() > deadline) {
            throw Error(
                ExitCode::unexpected,
                fmt::format("{} (process {}) has not ended after {} seconds", server.name(), *process,
                            limit.count()),
                fmt::format("It goes on ending; look with `tti-lw-stack local status`. Its log is {}.",
                            server.log().string()));
        }
        postgres::pause(stop, pause_between);
    }
    return true;
}

std::vector<std::string> server_environment() {
    return {"PATH=/usr/bin:/bin:/usr/sbin:/sbin", "LANG=C.UTF-8"};
}

std::optional<util::Account> account_for(const Site& site) {
    return site.switch_account ? std::optional(site.servers) : std::nullopt;
}

}  // namespace tti::local
