#pragma once

#include <map>
#include <string>
#include <vector>

#include "network_operations_center/jobs.hpp"
#include "network_operations_center/tables.hpp"

namespace tti::network_operations_center {

// One table or aggregate as it stands.
struct TableHealth {
    Kept kept;
    timeseries::Span chunk_length{0};
    std::vector<timeseries::Chunk> chunks;
    std::int64_t stray_rows = 0;
    std::optional<timeseries::Retention> retention;

    [[nodiscard]] std::int64_t rows() const;  // estimated
    [[nodiscard]] std::int64_t bytes() const;
};

// What the database holds, and what is behind or wrong with it: a sentence each.
struct Health {
    std::vector<TableHealth> tables;
    std::vector<Job> jobs;  // of TimescaleDB
    std::size_t stale = 0;  // pieces that a refresh has to do
    std::vector<std::string> troubles;
    std::string next_command;
};
Health health(Session& session, Tables& tables);

}  // namespace tti::network_operations_center
