#include "backup/kept_entry.hpp"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace tti::backup {
namespace {

using nlohmann::json;
using timeseries::KeptTable;
using timeseries::Span;
using timeseries::Time;

constexpr std::array<const char*, 3> kinds{"table", "hypertable", "continuous aggregate"};

// Times and spans are microseconds, as PostgreSQL keeps them.
void put(json& data, const char* name, const std::optional<Span>& span) {
    if (span) data[name] = span->count();
}

void put(json& data, const char* name, const std::optional<Time>& time) {
    if (time) data[name] = time->time_since_epoch().count();
}

std::optional<Span> span(const json& data, const char* name) {
    if (!data.contains(name)) return std::nullopt;
    return Span(data.at(name).get<std::int64_t>());
}

std::optional<Time> time(const json& data, const char* name) {
    const auto since = span(data, name);
    return since ? std::optional(Time(*since)) : std::nullopt;
}

json table_json(const KeptTable& table, const std::string& file) {
    json data{{"table", table.name},
              {"kind", kinds.at(static_cast<std::size_t>(table.kind))},
              {"columns", table.columns},
              {"file", file}};
    put(data, "chunk_us", table.chunk_length);
    put(data, "keep_us", table.keep);
    put(data, "compress_after_us", table.compress_after);
    put(data, "complete_from_us", table.complete_from);
    put(data, "made_from_us", table.made_from);
    return data;
}

KeptTable read_table(const json& data) {
    const auto kind = std::ranges::find(kinds, data.at("kind").get<std::string>());
    // As json does for what it does not know.
    if (kind == kinds.end()) data.at("kind").at("of another release");
    return {.name = data.at("table"),
            .kind = static_cast<KeptTable::Kind>(kind - kinds.begin()),
            .columns = data.at("columns"),
            .chunk_length = span(data, "chunk_us"),
            .keep = span(data, "keep_us"),
            .compress_after = span(data, "compress_after_us"),
            .complete_from = time(data, "complete_from_us"),
            .made_from = time(data, "made_from_us")};
}

}  // namespace

json to_json(const KeptEntry& entry) {
    json data{
        {"migrations", entry.schema.migrations}, {"tables", json::array()}, {"sequences", json::array()}};
    for (std::size_t i = 0; i < entry.files.size(); ++i) {
        data["tables"].push_back(table_json(entry.schema.tables.at(i), entry.files[i]));
    }
    for (const auto& sequence : entry.sequences) {
        data["sequences"].push_back(
            {{"name", sequence.name}, {"value", sequence.value ? json(*sequence.value) : json()}});
    }
    return data;
}

KeptEntry read_kept(const json& data, const std::string& schema) {
    KeptEntry entry{.schema = {.schema = schema, .migrations = data.at("migrations"), .tables = {}},
                    .files = {},
                    .sequences = {}};
    for (const auto& table : data.at("tables")) {
        entry.schema.tables.push_back(read_table(table));
        entry.files.push_back(table.at("file"));
    }
    for (const auto& sequence : data.at("sequences")) {
        const auto& value = sequence.at("value");
        entry.sequences.push_back(
            {sequence.at("name"), value.is_null() ? std::nullopt : std::optional(value.get<std::int64_t>())});
    }
    return entry;
}

}  // namespace tti::backup
