#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "operation/amount.hpp"
#include "postgres/connection.hpp"

namespace tti::identity_server {

// The steps of a cleanup: the five kinds of purge_kinds() in their order, then the orphans.
inline constexpr std::size_t orphan_step = 5;
inline constexpr std::size_t purge_steps = 6;

struct PurgeCounts {
    // By table, or "gateways.technical_contact_id cleared". A row that several steps would take is counted in
    // the first.
    std::array<operation::Amounts, purge_steps> steps;
    std::map<std::string, std::int64_t> totals;  // rows that each table has now
    std::vector<std::string> notes;              // what a guard leaves alone

    [[nodiscard]] std::int64_t of(std::size_t step, const std::string& what) const;
    [[nodiscard]] std::int64_t deleted(std::size_t step) const;  // rows, cleared references aside
};

// Reads every table of the current schema once. `threshold` is an SQL literal.
PurgeCounts count_purge(postgres::Connection& connection, const std::string& threshold);

}  // namespace tti::identity_server
