#include "support/postgres_process.hpp"

#include <chrono>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

#include <libpq-fe.h>

namespace tti::test {
namespace {

// Nothing has to survive here, so nothing waits for a disk.
const std::vector<std::string> test_settings{
    "listen_addresses=",    "fsync=off",           "synchronous_commit=off",
    "full_page_writes=off", "max_connections=100", "max_locks_per_transaction=256",
    "shared_buffers=64MB",  "wal_level=replica",   "max_wal_size=1GB",
};

bool postgres_accepts(const std::string& uri) {
    return PQping(uri.c_str()) == PQPING_OK;
}

}  // namespace

std::string postgres_program(const std::string& name) {
    for (int version = 20; version >= 14; --version) {
        const std::filesystem::path path = "/usr/lib/postgresql/" + std::to_string(version) + "/bin/" + name;
        if (std::filesystem::exists(path)) {
            return path.string();
        }
    }
    return name;
}

PostgresProcess::PostgresProcess(std::filesystem::path folder, std::vector<std::string> settings)
    : folder_(std::move(folder)), settings_(std::move(settings)) {
    run({postgres_program("initdb"), "--pgdata=" + data().string(), "--username=postgres", "--auth=trust",
         "--no-sync", "--no-instructions", "--encoding=UTF8", "--locale=C.UTF-8"},
        folder_ / "initdb.log");
    start();
}

PostgresProcess PostgresProcess::standby_of(const PostgresProcess& primary, std::filesystem::path folder) {
    PostgresProcess standby(Existing{}, std::move(folder));
    run({postgres_program("pg_basebackup"), "--dbname=" + primary.uri("postgres"),
         "--pgdata=" + standby.data().string(), "--write-recovery-conf", "--checkpoint=fast", "--no-sync"},
        standby.folder() / "basebackup.log");
    standby.start();
    return standby;
}

void PostgresProcess::start() {
    std::vector<std::string> command{postgres_program("postgres"), "-D", data().string(), "-k",
                                     folder_.string()};
    for (const auto& group : {test_settings, settings_}) {
        for (const std::string& setting : group) {
            command.insert(command.end(), {"-c", setting});
        }
    }
    process_ = std::make_unique<ChildProcess>(command, folder_ / "server.log");
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!postgres_accepts(uri("postgres"))) {
        if (!process_->running() || std::chrono::steady_clock::now() > deadline) {
            std::ostringstream log;
            log << "PostgreSQL did not start: " << std::ifstream(folder_ / "server.log").rdbuf();
            throw std::runtime_error(log.str());
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
}

void PostgresProcess::end() {
    process_->end(SIGQUIT);
}

std::string PostgresProcess::uri(const std::string& database) const {
    std::string text = "postgres://postgres@/" + database + "?host=" + folder_.string() + "&sslmode=disable";
    for (const std::string& setting : settings_) {
        text += setting.starts_with("port=") ? "&" + setting : "";
    }
    return text;
}

}  // namespace tti::test
