#pragma once

#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "operation/plan.hpp"
#include "timeseries/keeper.hpp"

namespace tti::database {

// What a retention removes now and later: chunks whose rows are all too old.
struct Preview {
    timeseries::Span keep{0};
    timeseries::Time now;
    std::vector<timeseries::Chunk> expired;   // gone at once; rows counted
    std::vector<timeseries::Chunk> upcoming;  // with rows, in the order in which they go
    std::int64_t rows = 0;                    // of what has expired
    std::int64_t bytes = 0;
    bool takes_everything = false;  // there are rows, and all of them have expired

    // When a chunk goes.
    [[nodiscard]] timeseries::Time due(const timeseries::Chunk& chunk) const { return chunk.range.to + keep; }
    // "12 chunks from 2026-01-01T00:00:00Z to 2026-01-07T00:00:00Z with 1,204 rows, 3.1 MiB"
    [[nodiscard]] std::string summary() const;
};

Preview preview(timeseries::Keeper& keeper, postgres::Connection& connection, const timeseries::Table& table,
                timeseries::Span keep);

// Whether no row is left once what has expired is gone.
bool leaves_nothing(postgres::Connection& connection, const Preview& preview);

std::string preview_text(const Preview& preview);
nlohmann::json preview_data(const Preview& preview);
// A sentence each for the next chunks that go, at most five.
std::vector<std::string> upcoming_notes(const Preview& preview);

// A step for each expired chunk; `dropped` is called with each one that went.
std::vector<operation::Step> drop_steps(const Preview& preview, timeseries::Keeper& keeper,
                                        const timeseries::Table& table,
                                        const std::function<void(const timeseries::Chunk&)>& dropped);

// "1.5 GiB"
std::string size_text(std::int64_t bytes);

}  // namespace tti::database
