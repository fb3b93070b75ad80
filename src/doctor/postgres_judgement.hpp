#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "doctor/finding.hpp"

namespace tti::doctor {

// What was read from PostgreSQL, judged without it.

Findings judge_postgres_version(int number, std::string_view text);

// -1: no limit.
struct ConnectionLimits {
    std::int64_t server = 0;  // without those that are reserved for superusers
    std::int64_t database = -1;
    std::int64_t role = -1;
    std::int64_t in_use = 0;

    [[nodiscard]] std::int64_t least() const;
};
// `pools` tells the settings that `wanted` is the sum of: ", NAME = VALUE" for each.
Findings judge_connections(const ConnectionLimits& limits, std::int64_t wanted, std::string_view pools);

// The oldest transaction ID of a database, counted in transactions.
Findings judge_transaction_age(std::int64_t age, std::int64_t freeze_max_age, std::string_view database);

// Of a table whose statistics the server keeps.
struct DeadRows {
    std::string table;  // quoted, with its schema
    std::int64_t dead = 0;
    std::int64_t live = 0;
    std::string vacuumed;  // when last; empty: never
};
Findings judge_dead_rows(const DeadRows& rows);

// TimescaleDB as it is in a database.
struct Timescale {
    std::string installed;  // "2.13.1"
    std::string available;  // what the server has files of; empty where it does not tell
    std::string license;    // "timescale", "apache"
    bool restoring = false;
    int postgres = 0;     // 160002
    std::string workers;  // timescaledb.max_background_workers; empty where it does not tell
};
Findings judge_timescale(const Timescale& timescale);

}  // namespace tti::doctor
