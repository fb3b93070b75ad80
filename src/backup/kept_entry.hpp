#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "timeseries/kept_schema.hpp"

namespace tti::backup {

// The next value of a sequence is the one after; without a value it has not been used.
struct SequenceEntry {
    std::string name;
    std::optional<std::int64_t> value;
};

// A schema that TimescaleDB keeps: how, and a file of rows for each table, as COPY writes them.
struct KeptEntry {
    timeseries::KeptSchema schema;
    std::vector<std::string> files;  // of its tables, in their order
    std::vector<SequenceEntry> sequences;
};

nlohmann::json to_json(const KeptEntry& entry);
// Throws nlohmann::json::exception for what is missing or of another type.
KeptEntry read_kept(const nlohmann::json& data, const std::string& schema);

}  // namespace tti::backup
