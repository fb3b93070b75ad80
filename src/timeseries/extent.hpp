#pragma once

#include <optional>

#include "postgres/connection.hpp"
#include "timeseries/chunk.hpp"

namespace tti::timeseries {

// The time that the chunks of a table span, those made ahead included, and how much of it one holds on
// average.
struct Extent {
    Range range;
    Span chunk;
};

// Of a table kept in either way; empty where it has no chunks. Costs a look into the catalogue.
std::optional<Extent> read_extent(postgres::Connection& connection, const Table& table);

// Windows that cover all time without a gap, one after the other in the direction of reading, each with few
// chunks: a query that looks for the first rows has to open, and the server to plan for, no more of them.
// The first and the last have no bound on their outer side, so that rows outside of any chunk are in one too.
class Windows {
  public:
    // `start`: where reading begins, if not at the end of time. Without an extent there is one window.
    Windows(const std::optional<Extent>& extent, std::optional<Time> start, bool newest_first);

    struct Window {
        std::optional<Time> from;
        std::optional<Time> to;  // without
    };
    // Each is four times as long as the one before, so that a long time without rows is soon behind.
    std::optional<Window> next();

  private:
    std::optional<Extent> extent_;
    bool newest_first_;
    Time position_;
    Span length_{0};
    bool first_ = true;
    bool done_ = false;
};

}  // namespace tti::timeseries
