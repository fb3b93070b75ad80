#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "backup/key_restore.hpp"
#include "backup/restore_job.hpp"
#include "operation/operation.hpp"

namespace tti::backup {

// Redis: which keys of an archive come back, whether the server can take them, and the step that brings them.
class RedisRestore {
  public:
    // `before_writes` is called before batches of writes.
    RedisRestore(RestoreJob& job, std::function<void()> before_writes)
        : job_(job), before_writes_(std::move(before_writes)) {}

    // Adds the step, where keys are missing or differ.
    void plan(operation::Plan& plan);
    // Empty until it is planned, and where Redis is no part of the restore.
    [[nodiscard]] const std::optional<KeyRestore>& keys() const { return keys_; }

  private:
    redis::Connection& open();
    [[nodiscard]] KeyScope scope();
    void remove_archived(std::set<std::string, std::less<>>& tenants) const;
    void require_room(operation::Plan& plan, bool clears) const;
    // What is there; `identical` is noted in the plan, for then there is nothing to do.
    KeyRestore::Found look(operation::Plan& plan);
    // Where the keys are, for people.
    [[nodiscard]] std::string where() const;

    RestoreJob& job_;
    std::function<void()> before_writes_;
    std::optional<redis::Connection> redis_;
    std::optional<KeyRestore> keys_;
};

}  // namespace tti::backup
