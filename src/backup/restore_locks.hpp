#pragma once

#include <memory>
#include <string>
#include <vector>

#include "backup/components.hpp"
#include "cli/context.hpp"
#include "operation/journal.hpp"
#include "operation/redis_run_lock.hpp"
#include "operation/run_lock.hpp"
#include "redis/connection.hpp"

namespace tti::backup {

// The run locks of every database that a restore writes to, as one; and the journal, which is that of the
// first of them.
class RestoreLocks final : public operation::RunLock {
  public:
    RestoreLocks(cli::Context& context, operation::Identity identity);
    RestoreLocks(const RestoreLocks&) = delete;
    RestoreLocks& operator=(const RestoreLocks&) = delete;
    ~RestoreLocks() override;

    void add(const Component& component);
    // `name_space` with its colon: of the tenant, or of the deployment; `below` those of its tenants, whose
    // runs have locks of their own.
    void add_redis(const redis::Target& target, const std::string& name_space,
                   const std::vector<std::string>& below);

    void acquire(std::chrono::nanoseconds wait) override;
    // Throws LockedError where another run has one of Redis' by now. Before each batch of writes.
    void require_held() const;
    [[nodiscard]] bool any() const { return !postgres_.empty() || redis_ != nullptr; }
    // There must be a lock.
    operation::Journal& journal();

  private:
    struct Postgres;
    struct Redis;
    cli::Context& context_;
    operation::Identity identity_;
    std::vector<std::unique_ptr<Postgres>> postgres_;
    std::unique_ptr<Redis> redis_;
};

}  // namespace tti::backup
