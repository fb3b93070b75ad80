#pragma once

#include <string>
#include <vector>

#include "operation/area.hpp"
#include "operation/journal.hpp"
#include "operation/postgres_journal.hpp"
#include "operation/redis_run_lock.hpp"
#include "redis/connection.hpp"

namespace tti::operation {

// The stream PREFIXtti:operations, bounded to about a thousand entries: one when a run begins and one when it
// ends. A begun run that has no end and whose lock is gone was killed.
class RedisJournal final : public Journal {
  public:
    // `connection` should not be stopped by Ctrl-C, so that the journal can say that the run was.
    RedisJournal(redis::Connection& connection, std::string prefix, Area area, RedisRunLock& lock)
        : connection_(connection), prefix_(std::move(prefix)), area_(area), lock_(lock) {}

    void begin(const Identity& identity, const std::string& plan_hash,
               const std::vector<std::string>& steps) override;
    void progress(const std::string& step, int percent) override;
    void finish(Outcome outcome, const Amounts& counts, const std::string& error) override;

  private:
    redis::Connection& connection_;
    std::string prefix_;
    Area area_;
    RedisRunLock& lock_;
    std::string id_;
};

// The newest `limit` records of the area first.
std::vector<JournalRecord> read_redis_journal(redis::Connection& connection, const std::string& prefix,
                                              Area area, int limit);

}  // namespace tti::operation
