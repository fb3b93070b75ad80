#include "backup/throw_away.hpp"

#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "local/deployment.hpp"
#include "local/redis_server.hpp"
#include "postgres/connection.hpp"
#include "util/error.hpp"

namespace tti::backup {
namespace {

std::filesystem::path make_folder(const settings::Surroundings& surroundings) {
    const auto variable = surroundings.environment.find("TMPDIR");
    const std::string above =
        variable == surroundings.environment.end() || variable->second.empty() ? "/tmp" : variable->second;
    std::string name = above + "/tti-verify-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) {
        throw RefusedError(
            fmt::format("cannot make a folder in {}: {}", above, std::generic_category().message(errno)),
            "Name a folder that you may write to with TMPDIR.");
    }
    // Where we are root, the servers run as another user and pass through it.
    chmod(name.c_str(), S_IRWXU | S_IXGRP | S_IXOTH);
    return name;
}

constexpr std::chrono::seconds wait_for_lock{60};

}  // namespace

ThrowAwayDeployment::ThrowAwayDeployment(const settings::Surroundings& surroundings, util::Stop& stop)
    : folder_(make_folder(surroundings)), stop_(stop), site_(local::find_site(folder_, surroundings)) {
    try {
        local::bring_up(site_, surroundings, wait_for_lock, stop);
        record_ = local::require_record(site_);
    } catch (...) {
        std::error_code ignored;
        util::NeverStop never;
        if (local::load_record(site_.layout)) local::remove_all(site_, wait_for_lock, never);
        std::filesystem::remove_all(folder_, ignored);
        throw;
    }
}

ThrowAwayDeployment::~ThrowAwayDeployment() {
    util::NeverStop never;
    std::error_code ignored;
    try {
        local::remove_all(site_, wait_for_lock, never);
    } catch (const std::exception&) {
        // What is left is in the temporary folder, under a name that says what it was.
        return;
    }
    std::filesystem::remove_all(folder_, ignored);
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
