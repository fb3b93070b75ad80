#include "backup/throw_away.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "local/deployment.hpp"
#include "local/redis_server.hpp"
#include "postgres/connection.hpp"
#include "util/error.hpp"

namespace tti::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view beginning = "tti-verify-";
constexpr std::chrono::seconds wait_for_lock{60};

fs::path temporary_folder(const settings::Surroundings& surroundings) {
    const auto variable = surroundings.environment.find("TMPDIR");
    return variable == surroundings.environment.end() || variable->second.empty() ? "/tmp" : variable->second;
}

fs::path make_folder(const fs::path& above) {
    std::string name = (above / beginning).string() + "XXXXXX";
    if (mkdtemp(name.data()) == nullptr) {
        throw RefusedError(fmt::format("cannot make a folder in {}: {}", above.string(),
                                       std::generic_category().message(errno)),
                           "Name a folder that you may write to with TMPDIR.");
    }
    // Where we are root, the servers run as another user and pass through it.
    chmod(name.c_str(), S_IRWXU | S_IXGRP | S_IXOTH);
    return name;
}

// A descriptor that holds the lock of a folder of our own; -1 where another process has it, it is somebody
// else's or it is gone.
int try_lock(const fs::path& folder) {
    const int file = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    struct stat status {};
    if (file >= 0 && flock(file, LOCK_EX | LOCK_NB) == 0 && fstat(file, &status) == 0 &&
        status.st_uid == geteuid() && status.st_nlink > 0) {
        return file;
    }
    if (file >= 0) close(file);
    return -1;
}

void take_away(const fs::path& folder, const settings::Surroundings& surroundings) {
    util::NeverStop never;
    try {
        const auto site = local::find_site(folder, surroundings);
        if (local::load_record(site.layout)) local::remove_all(site, wait_for_lock, never);
        fs::remove_all(folder);
    } catch (const std::exception&) {
        // What is left is in the temporary folder, and the next one tries again.
    }
}

// Servers whose owner was killed run on, with what they hold in the clear.
void take_away_left_over(const fs::path& above, const settings::Surroundings& surroundings) {
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(above, ignored)) {
        if (!entry.path().filename().string().starts_with(beginning)) continue;
        const int lock = try_lock(entry.path());
        if (lock < 0) continue;
        take_away(entry.path(), surroundings);
        close(lock);
    }
}

}  // namespace

ThrowAwayDeployment::Folder::Folder(const fs::path& above) {
    // Another process may take one without a lock for left over.
    while (lock_ < 0) {
        path_ = make_folder(above);
        lock_ = try_lock(path_);
    }
}

ThrowAwayDeployment::Folder::~Folder() {
    close(lock_);
}

ThrowAwayDeployment::ThrowAwayDeployment(const settings::Surroundings& surroundings, util::Stop& stop)
    : folder_(temporary_folder(surroundings)),
      surroundings_(surroundings),
      stop_(stop),
      site_(local::find_site(folder_.path(), surroundings)) {
    take_away_left_over(temporary_folder(surroundings), surroundings);
    try {
        local::bring_up(site_, surroundings, wait_for_lock, stop);
        record_ = local::require_record(site_);
    } catch (...) {
        take_away(folder_.path(), surroundings);
        throw;
    }
}

ThrowAwayDeployment::~ThrowAwayDeployment() {
    take_away(folder_.path(), surroundings_);
}

postgres::Uri ThrowAwayDeployment::uri(std::string_view database) const {
    const auto uri = postgres::Uri::parse(local::socket_uri(site_.layout, record_, database).reveal());
    if (!uri) throw Error(ExitCode::unexpected, uri.error());
    return *uri;
}

postgres::Uri ThrowAwayDeployment::create_database(const std::string& name) {
    postgres::Connection connection(uri("postgres"), {.context = "throw-away deployment"}, stop_);
    connection.execute("CREATE DATABASE " + postgres::quote_identifier(name));
    return uri(name);
}

redis::Target ThrowAwayDeployment::redis() const {
    return local::redis_target(site_.layout, record_);
}

}  // namespace tti::backup
