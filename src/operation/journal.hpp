#pragma once

#include <chrono>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "operation/amount.hpp"

namespace tti::operation {

// Who runs what, as the journal and the lock name it. Without secrets.
struct Identity {
    std::string user;
    std::string host;
    int pid = 0;
    std::string task;  // the ECS task, where there is one
    std::string version;
    std::string command;  // the command line with secrets removed
};
Identity current_identity(std::string command);

enum class Outcome { running, done, failed, partly_failed, interrupted };
std::string_view describe(Outcome outcome);

// One kept record per run. The PostgreSQL databases keep theirs in table tti.operations, the Redis ones in a
// stream.
class Journal {
  public:
    Journal() = default;
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;
    virtual ~Journal() = default;

    virtual void begin(const Identity& identity, const std::string& plan_hash,
                       const std::vector<std::string>& steps) = 0;
    // Step and percentage for whoever waits for the lock; called often, written at most once a second.
    virtual void progress(const std::string& step, int percent) = 0;
    virtual void finish(Outcome outcome, const Amounts& counts, const std::string& error) = 0;
};

}  // namespace tti::operation
