#include "local/postgres_server.hpp"

#include <csignal>
#include <fstream>

#include <fmt/format.h>

#include "local/private_file.hpp"
#include "local/process_table.hpp"
#include "postgres/connection.hpp"
#include "util/error.hpp"
#include "util/process.hpp"

namespace tti::local {
namespace {

// Removes the password's file however initdb ends.
class PasswordFile {
  public:
    PasswordFile(const Site& site, const Secret& password) : path_(site.layout.initial_password()) {
        write_private_file(path_, password.reveal(), account_for(site));
    }
    PasswordFile(const PasswordFile&) = delete;
    PasswordFile& operator=(const PasswordFile&) = delete;
    ~PasswordFile() {
        std::error_code ignored;
        std::filesystem::remove(path_, ignored);
    }

  private:
    std::filesystem::path path_;
};

postgres::Connection connect(const Site& site, const Record& record, std::string_view database,
                             util::Stop& stop) {
    const auto uri = postgres::Uri::parse(socket_uri(site.layout, record, database).reveal());
    if (!uri) {
        throw Error(ExitCode::unexpected, fmt::format("no address can be made for the sockets in {}: {}",
                                                      site.layout.run().string(), uri.error()));
    }
    postgres::ConnectOptions options;
    options.context = "local deployment";
    options.timeout = std::chrono::seconds(5);
    return {*uri, std::move(options), stop};
}

// The process that postmaster.pid names, when that is not a PostgreSQL: after a reboot, anybody may have the
// number.
std::optional<pid_t> stranger_in_pid_file(const Layout& layout) {
    std::ifstream file(layout.postgres() / "postmaster.pid");
    pid_t process = 0;
    return file >> process && process > 0 && !is_process(process, "postgres") ? std::optional(process)
                                                                              : std::nullopt;
}

}  // namespace

int PostgresServer::stop_signal() const {
    return SIGINT;
}  // "fast": does not wait for clients to leave

bool PostgresServer::has_data() const {
    return std::filesystem::exists(site_.layout.postgres());
}

void PostgresServer::make_data(const FolderLock& lock, util::Stop& stop) {
    const auto& layout = site_.layout;
    std::filesystem::remove_all(layout.postgres_new());
    make_folder(layout.postgres_new(), owner_only, account_for(site_));
    const PasswordFile password(site_, record_.postgres_password);
    // initdb keeps the lock: if we are killed, the next call waits until the last of its processes has gone.
    const auto finished =
        util::run({{programs_->postgres_folder / "initdb", "--pgdata", layout.postgres_new(), "--username",
                    std::string(database_user), "--pwfile", layout.initial_password(), "--auth",
                    "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums"},
                   server_environment(),
                   account_for(site_),
                   lock.descriptor()},
                  stop);
    if (finished.exit_code != 0) {
        throw Error(ExitCode::unexpected, fmt::format("initdb failed (exit code {}). It said:\n{}",
                                                      finished.exit_code, finished.output));
    }
    std::filesystem::rename(layout.postgres_new(), layout.postgres());
    sync_folder(layout.folder);
}

std::optional<pid_t> PostgresServer::find() const {
    return find_process("postgres", site_.layout.postgres().string(), site_.servers.user);
}

// Their lock files hold process numbers that may be somebody else's by now; find() has shown that no server
// is left.
void PostgresServer::remove_stale_sockets() const {
    for (const auto& entry : std::filesystem::directory_iterator(site_.layout.run())) {
        if (entry.path().filename().string().starts_with(".s.PGSQL.")) {
            std::filesystem::remove(entry.path());
        }
    }
}

// Settings that others rely on are given here, so that postgresql.conf remains the operator's.
std::vector<std::string> PostgresServer::command_line() const {
    std::vector<std::string> words{programs_->postgres_folder / "postgres", "-D", site_.layout.postgres()};
    for (const auto& setting :
         {std::string("listen_addresses=127.0.0.1"), fmt::format("port={}", port()),
          "unix_socket_directories=" + site_.layout.run().string(),
          std::string("unix_socket_permissions=0700"), std::string("fsync=on"),
          std::string("password_encryption=scram-sha-256"),
          // This program's own schema has the user's name, and must not come before the stack's tables.
          std::string("search_path=public"), std::string("timezone=UTC"), std::string("log_timezone=UTC")}) {
        words.emplace_back("-c");
        words.push_back(setting);
    }
    return words;
}

void PostgresServer::start() {
    remove_stale_sockets();
    auto environment = server_environment();
    if (const auto stranger = stranger_in_pid_file(site_.layout)) {
        // PostgreSQL takes a file with this number for stale, and still looks for left-over processes of its
        // own.
        environment.push_back(fmt::format("PG_GRANDPARENT_PID={}", *stranger));
    }
    util::start_daemon({command_line(), std::move(environment), account_for(site_)}, log());
}

Expected<Answer> PostgresServer::ask(util::Stop& stop) {
    try {
        auto connection = connect(site_, record_, "postgres", stop);
        const auto row = connection.query(
            "SELECT current_setting('server_version'), extract(epoch FROM now() - "
            "pg_postmaster_start_time())::bigint,"
            " (SELECT sum(pg_database_size(oid)) FROM pg_database)::bigint",
            {});
        const std::string version(row.text(0, 0));
        return Answer{version.substr(0, version.find(' ')), std::chrono::seconds(row.integer(0, 1)),
                      row.integer(0, 2)};
    } catch (const postgres::ConnectionError& error) {
        return unexpected(error.what());
    }
}

bool PostgresServer::create_database(util::Stop& stop) {
    auto connection = connect(site_, record_, "postgres", stop);
    const std::string name(database_name);
    if (!connection.query("SELECT 1 FROM pg_database WHERE datname = $1", {name}).empty()) {
        return false;
    }
    connection.execute("CREATE DATABASE " + postgres::quote_identifier(name));
    return true;
}

}  // namespace tti::local
