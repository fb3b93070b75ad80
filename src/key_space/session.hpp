#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "lorawan/keys.hpp"
#include "operation/operation.hpp"
#include "operation/redis_run_lock.hpp"
#include "redis/connection.hpp"
#include "redis/pace.hpp"
#include "settings/option.hpp"

namespace tti::key_space {

// --tenant-id, --rate and --max-latency, which every bulk command has.
std::vector<settings::Option> bulk_options();
std::vector<settings::Option> tenant_options();  // --tenant-id alone, for commands that do no bulk work
// Names of the settings that opening Redis needs (redis.*, tenancy.default-id), and those of the command.
std::vector<std::string> with_redis_settings(std::vector<std::string> more = {});

// redis.* as an address. Throws UsageError naming the setting and its source.
redis::Target general_target(const settings::Values& values);
// cache.redis.* and events.redis.*; each is a copy of redis.* where it is empty, or still at its defaults
// while redis.* is not.
redis::Target cache_target(const settings::Values& values);
redis::Target events_target(const settings::Values& values);
// Whose settings "cache.redis" or "events.redis" take: their own, or those of "redis".
std::string settings_group(const settings::Values& values, std::string_view name);

// --rate and --max-latency, where the command has them. Throws UsageError.
redis::Pace::Limits pace_limits(const settings::Values& values);

// The Redis databases, open for one command.
class Session {
  public:
    // Throws UsageError for a value that cannot be, before it connects.
    Session(cli::Context& context, redis::Mode mode, std::string name);

    redis::Connection& connection() { return connection_; }
    [[nodiscard]] const lorawan::Keys& keys() const { return keys_; }
    [[nodiscard]] redis::Pace& pace() { return pace_; }
    [[nodiscard]] cli::Context& context() { return context_; }
    [[nodiscard]] bool dry_run() const { return connection_.mode() == redis::Mode::read_only; }
    // "" where it is the default one.
    [[nodiscard]] const std::string& tenant_id() const { return tenant_id_; }

    // The run lock that writing stands under; it must outlive the session's work.
    void set_run_lock(const operation::RedisRunLock& lock) { run_lock_ = &lock; }
    // Throws LockedError where another run has the lock by now. Before each batch of writes.
    void require_lock() const;

  private:
    Session(cli::Context& context, redis::Mode mode, std::string name, redis::Pace::Limits limits);

    cli::Context& context_;
    std::string tenant_id_;
    lorawan::Keys keys_;
    redis::Connection connection_;
    redis::Pace pace_;
    const operation::RedisRunLock* run_lock_ = nullptr;
};

// Runs an operation of a writing command through the runner: run lock, plan, journal, steps. Honours
// --dry-run (on a read-only connection), --yes and --wait.
ExitCode run_writing(cli::Context& context, operation::Area area,
                     const std::function<std::unique_ptr<operation::Operation>(Session&)>& make);
// Runs `body` on a read-only session.
ExitCode run_reading(cli::Context& context, operation::Area area,
                     const std::function<ExitCode(Session&)>& body);

}  // namespace tti::key_space
