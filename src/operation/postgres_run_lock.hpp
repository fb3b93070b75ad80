#pragma once

#include <optional>
#include <string>

#include "operation/area.hpp"
#include "operation/reporter.hpp"
#include "operation/run_lock.hpp"
#include "postgres/connection.hpp"
#include "util/stop.hpp"

namespace tti::operation {

// A session advisory lock, tried again and again and never waited for in the server: a blocked waiter would
// hold a snapshot, and CREATE INDEX CONCURRENTLY waits for those. It needs a connection of its own in
// autocommit, which must outlive it; the lock ends with that session.
class PostgresRunLock final : public RunLock {
  public:
    PostgresRunLock(postgres::Connection& connection, Area area, Reporter& reporter, util::Stop& stop)
        : connection_(connection), area_(area), reporter_(reporter), stop_(stop) {}

    void acquire(std::chrono::nanoseconds wait) override;

  private:
    [[nodiscard]] bool try_lock();
    struct Other {
        std::string who;
        std::string hint;
    };
    [[nodiscard]] std::optional<Other> other();
    [[nodiscard]] std::optional<Other> journalled(std::string_view backend_pid);

    postgres::Connection& connection_;
    Area area_;
    Reporter& reporter_;
    util::Stop& stop_;
};

// "tti-lw-stack@HOST:PID": the application name of the lock's connection, from which a waiter can name the
// holder even before the holder has written its journal record.
std::string lock_application_name();

}  // namespace tti::operation
