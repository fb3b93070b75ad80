#pragma once

#include "local/programs.hpp"
#include "local/record.hpp"
#include "local/server.hpp"
#include "redis/target.hpp"

namespace tti::local {

// The deployment's Redis: append-only file, never evicts, on 127.0.0.1 and a unix socket, with a password.
// Site and record outlive it; move_to changes the record.
class RedisServer final : public Server {
  public:
    // Without programs it can be found, asked and stopped, but not started.
    RedisServer(const Site& site, Record& record, const ServerPrograms* programs)
        : site_(site), record_(record), programs_(programs) {}

    [[nodiscard]] std::string name() const override { return "Redis"; }
    [[nodiscard]] std::filesystem::path log() const override { return site_.layout.logs() / "redis.log"; }
    [[nodiscard]] int port() const override { return record_.redis_port; }
    void move_to(int port) override { record_.redis_port = port; }
    [[nodiscard]] int stop_signal() const override;
    [[nodiscard]] bool has_data() const override;
    void make_data(const FolderLock& lock, util::Stop& stop) override;
    [[nodiscard]] std::optional<pid_t> find() const override;
    void start() override;
    Expected<Answer> ask(util::Stop& stop) override;

  private:
    const Site& site_;
    Record& record_;
    const ServerPrograms* programs_;
};

// redis.conf for the deployment; it holds the password.
std::string redis_settings(const Layout& layout, const Record& record);

// Over its unix socket.
redis::Target redis_target(const Layout& layout, const Record& record);

// The number behind "name:" in the text of INFO; 0 where it is not there.
std::int64_t info_number(std::string_view info, std::string_view name);

}  // namespace tti::local
