#pragma once

#include <optional>
#include <string>
#include <vector>

#include "storage_integration/migrations.hpp"

namespace tti::storage_integration {

// How the table of messages is kept, and what is wrong with that.
struct Health {
    timeseries::Span chunk_length{0};
    std::vector<timeseries::Chunk> chunks;
    std::vector<timeseries::Chunk> strays;
    std::optional<timeseries::Retention> retention;
    std::optional<timeseries::Compression> compression;
    std::vector<std::string> troubles;  // a sentence each; empty: all is well
    std::string next_command;           // what mends it; empty where nothing of ours does
};

Health health(Session& session, timeseries::Keeper& keeper);

}  // namespace tti::storage_integration
