#pragma once

#include "local/programs.hpp"
#include "local/record.hpp"
#include "local/server.hpp"

namespace tti::local {

// The deployment's PostgreSQL: durable, on 127.0.0.1 and a unix socket, passwords by SCRAM on both. Site and
// record outlive it; move_to changes the record.
class PostgresServer final : public Server {
  public:
    // Without programs it can be found, asked and stopped, but neither made nor started.
    PostgresServer(const Site& site, Record& record, const ServerPrograms* programs)
        : site_(site), record_(record), programs_(programs) {}

    [[nodiscard]] std::string name() const override { return "PostgreSQL"; }
    [[nodiscard]] std::filesystem::path log() const override {
        return site_.layout.logs() / "postgresql.log";
    }
    [[nodiscard]] int port() const override { return record_.postgres_port; }
    void move_to(int port) override { record_.postgres_port = port; }
    [[nodiscard]] int stop_signal() const override;
    [[nodiscard]] bool has_data() const override;
    void make_data(const FolderLock& lock, util::Stop& stop) override;
    [[nodiscard]] std::optional<pid_t> find() const override;
    void start() override;
    Expected<Answer> ask(util::Stop& stop) override;

    // Returns whether the database was missing.
    bool create_database(util::Stop& stop);

  private:
    void remove_stale_sockets() const;
    [[nodiscard]] std::vector<std::string> command_line() const;
    const Site& site_;
    Record& record_;
    const ServerPrograms* programs_;
};

}  // namespace tti::local
