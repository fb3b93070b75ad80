#include "local/redis_server.hpp"

#include <charconv>
#include <csignal>

#include <fmt/format.h>

#include "local/private_file.hpp"
#include "local/process_table.hpp"
#include "redis/connection.hpp"
#include "util/process.hpp"

namespace tti::local {
namespace {

std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\') {
            result += '\\';
        }
        result += letter;
    }
    return result + '"';
}

std::string_view info_text(std::string_view info, std::string_view name) {
    const auto key = fmt::format("\r\n{}:", name);
    const auto found = info.find(key);
    if (found == std::string_view::npos) {
        return {};
    }
    const auto value = info.substr(found + key.size());
    return value.substr(0, value.find('\r'));
}

}  // namespace

std::string redis_settings(const Layout& layout, const Record& record) {
    return fmt::format(
        "bind 127.0.0.1\n"
        "protected-mode yes\n"
        "port {}\n"
        "unixsocket {}\n"
        "unixsocketperm 700\n"
        "requirepass {}\n"
        "dir {}\n"
        "appendonly yes\n"
        "save \"\"\n"
        "maxmemory-policy noeviction\n"
        // `local` finds the server by its arguments, which the title would replace.
        "set-proc-title no\n"
        "daemonize no\n",
        record.redis_port, quoted(layout.redis_socket().string()), record.redis_password.reveal(),
        quoted(layout.redis().string()));
}

std::int64_t info_number(std::string_view info, std::string_view name) {
    const auto text = info_text(info, name);
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

int RedisServer::stop_signal() const {
    return SIGTERM;
}

bool RedisServer::has_data() const {
    return std::filesystem::exists(site_.layout.redis());
}

void RedisServer::make_data(const FolderLock& /*lock*/, util::Stop& /*stop*/) {
    make_folder(site_.layout.redis(), owner_only, account_for(site_));
}

std::optional<pid_t> RedisServer::find() const {
    return find_process("redis-server", site_.layout.redis_settings().string(), site_.servers.user);
}

void RedisServer::start() {
    write_private_file(site_.layout.redis_settings(), redis_settings(site_.layout, record_),
                       account_for(site_));
    util::start_daemon(
        {{programs_->redis_server, site_.layout.redis_settings()}, server_environment(), account_for(site_)},
        log());
}

redis::Target redis_target(const Layout& layout, const Record& record) {
    redis::Target target;
    target.address = layout.redis_socket().string();
    target.password = record.redis_password;
    return target;
}

Expected<Answer> RedisServer::ask(util::Stop& stop) {
    constexpr std::chrono::seconds limit(2);
    try {
        redis::Connection connection(redis_target(site_.layout, record_),
                                     {.context = "local", .connect_timeout = limit, .reply_timeout = limit},
                                     stop);
        // Refused with LOADING while the append-only file is read.
        connection.call("PING");
        const redis::Reply reply = connection.call("INFO");
        const std::string_view info = reply->text();
        return Answer{std::string(info_text(info, "redis_version")),
                      std::chrono::seconds(info_number(info, "uptime_in_seconds")),
                      info_number(info, "aof_current_size")};
    } catch (const redis::ConnectionError& error) {
        return unexpected(error.what());
    } catch (const redis::ServerError& error) {
        return unexpected(error.what());
    } catch (const redis::ProtocolError& error) {
        return unexpected(error.what());
    }
}

}  // namespace tti::local
