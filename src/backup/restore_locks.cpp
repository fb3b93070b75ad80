#include "backup/restore_locks.hpp"

#include <array>

#include "operation/postgres_journal.hpp"
#include "operation/postgres_run_lock.hpp"
#include "operation/redis_journal.hpp"
#include "util/late_stop.hpp"

namespace tti::backup {
namespace {

using operation::Area;

constexpr std::array redis_areas{Area::network_server, Area::application_server, Area::join_server,
                                 Area::device_claiming_server};

}  // namespace

// Stopped later than the work by Ctrl-C, so that the journal can say that the run was.
struct RestoreLocks::Postgres {
    Postgres(cli::Context& context, const Component& component)
        : late(context.stop),
          connection(component.uri,
                     {.context = "run lock",
                      .application_name = operation::lock_application_name(),
                      .setting = component.setting},
                     late),
          lock(connection, component.area, context.reporter, context.stop),
          journal(connection, component.area, context.reporter) {}
    util::LateStop late;
    postgres::Connection connection;
    operation::PostgresRunLock lock;
    operation::PostgresJournal journal;
};

struct RestoreLocks::Redis {
    Redis(const redis::Target& target, std::string name_space)
        : connection(target, {.context = "journal"}, never), prefix(std::move(name_space)) {}
    util::NeverStop never;
    redis::Connection connection;
    std::string prefix;
    std::vector<std::unique_ptr<operation::RedisRunLock>> locks;
    std::unique_ptr<operation::RedisJournal> journal;
};

RestoreLocks::RestoreLocks(cli::Context& context, operation::Identity identity)
    : context_(context), identity_(std::move(identity)) {}

RestoreLocks::~RestoreLocks() = default;

void RestoreLocks::add(const Component& component) {
    postgres_.push_back(std::make_unique<Postgres>(context_, component));
}

void RestoreLocks::add_redis(const redis::Target& target, const std::string& name_space,
                             const std::vector<std::string>& below) {
    redis_ = std::make_unique<Redis>(target, name_space);
    for (const auto area : redis_areas) {
        redis_->locks.push_back(std::make_unique<operation::RedisRunLock>(target, name_space, area, identity_,
                                                                          context_.reporter, context_.stop));
        for (const auto& tenant : below) redis_->locks.back()->add(tenant);
    }
    redis_->journal = std::make_unique<operation::RedisJournal>(redis_->connection, name_space,
                                                                redis_areas[0], *redis_->locks.front());
}

void RestoreLocks::acquire(std::chrono::nanoseconds wait) {
    for (const auto& one : postgres_) one->lock.acquire(wait);
    if (!redis_) return;
    for (const auto& lock : redis_->locks) lock->acquire(wait);
}

void RestoreLocks::require_held() const {
    if (!redis_) return;
    for (const auto& lock : redis_->locks) lock->require_held();
}

operation::Journal& RestoreLocks::journal() {
    if (!postgres_.empty()) return postgres_.front()->journal;
    return *redis_->journal;
}

}  // namespace tti::backup
