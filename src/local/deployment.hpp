#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "local/layout.hpp"
#include "local/record.hpp"
#include "local/server.hpp"
#include "operation/plan.hpp"

namespace tti::local {

struct ServerState {
    std::string name;
    int port = 0;
    bool changed = false;          // by this call: started or stopped
    std::optional<Answer> answer;  // none: it is not running
    std::string problem;           // why it does not answer though it runs
};

struct State {
    std::vector<ServerState> servers;  // PostgreSQL, Redis
    bool created_folder = false;
    bool created_database = false;
    [[nodiscard]] bool running() const;
};

// Every function that changes something takes the folder's lock, waiting for it up to `wait`.

// Brings everything up, from whatever state a killed call, a crash or a reboot left. Throws Error.
State bring_up(const Site& site, const settings::Surroundings& surroundings, std::chrono::nanoseconds wait,
               util::Stop& stop);
State take_down(const Site& site, std::chrono::nanoseconds wait, util::Stop& stop);
State look(const Site& site, util::Stop& stop);
// Stops the servers and deletes what bring_up made, the folder too unless something else is in it.
void remove_all(const Site& site, std::chrono::nanoseconds wait, util::Stop& stop);

// What they would do, found by reading.
operation::Plan plan_up(const Site& site);
operation::Plan plan_down(const Site& site);
operation::Plan plan_removal(const Site& site);

// The record; throws DueError that names `local up` where there is no deployment.
Record require_record(const Site& site);

}  // namespace tti::local
