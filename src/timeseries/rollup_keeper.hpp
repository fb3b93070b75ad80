#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "timeseries/keeper.hpp"
#include "timeseries/rollup.hpp"

namespace tti::timeseries {

// Buckets whose source has changed since they were made.
struct Stale {
    std::string source;
    Range range;
    // Part of what they were made of is gone, so they stay as they are: the changes came too late.
    bool too_late = false;
};

// Keeps roll-ups. Chunks and retention of their tables are a Keeper's matter.
class RollUpKeeper {
  public:
    RollUpKeeper() = default;
    RollUpKeeper(const RollUpKeeper&) = delete;
    RollUpKeeper& operator=(const RollUpKeeper&) = delete;
    virtual ~RollUpKeeper() = default;

    // Begins to notice changes of a raw table, which is there; inside a transaction.
    virtual void watch(const Table& source) = 0;
    // Creates one that is not there, with its indexes, to be filled by the next refresh; inside a
    // transaction.
    virtual void create(const RollUp& roll_up, Span chunk_length) = 0;

    // What a refresh has to do, in its order; nothing where jobs of the server do it.
    virtual std::vector<Stale> stale() = 0;
    // Replaces the buckets of one; durable, and repeatable when it throws. Rows written.
    virtual std::int64_t refresh(const Stale& stale) = 0;
    // Makes all buckets of that time agree with the raw rows, now; `done` is told the rows after each piece.
    virtual void refresh_all(const Range& range, const std::function<void(std::int64_t)>& done) = 0;

    // How late rows of raw tables may come and still count, where that is a matter of jobs of the server;
    // empty where every row counts for as long as its source is complete.
    virtual std::optional<Span> late() = 0;
    // At most as long as raw rows are kept and complete, and a week less than roll-ups are: beyond that a
    // bucket would be made anew of a part of its rows.
    virtual void set_late(Span late) = 0;

    // To be told before rows of a source (raw table or roll-up) older than that are removed.
    virtual void will_drop(const std::string& source, Time before) = 0;

    // The table whose chunks hold its rows; a retention policy and a drop are given to the roll-up itself.
    virtual Table storage(const RollUp& roll_up) = 0;

    // Puts rows from elsewhere in place of all that are there, by `copy` into the relation that it is told,
    // in one transaction. Their source has its rows by then. No refresh changes those whose source is gone.
    using Copy = std::function<void(const std::string& relation)>;
    virtual void load(const RollUp& roll_up, const Copy& copy) = 0;
    // Makes the whole buckets since a time anew, of a source that has all its rows since then, and no other.
    virtual void remake(const RollUp& roll_up, Time from) = 0;

    // Removes the rows that fit a condition from one of them, in a transaction of the caller's.
    virtual std::int64_t erase(const RollUp& roll_up, const std::string& condition) = 0;
};

std::unique_ptr<RollUpKeeper> make_roll_up_keeper(Way way, Means means, RollUps roll_ups);

}  // namespace tti::timeseries
