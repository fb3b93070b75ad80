#pragma once

#include <memory>
#include <string>
#include <vector>

#include "database/preview.hpp"
#include "network_operations_center/session.hpp"

namespace tti::network_operations_center {

// A table or aggregate as it is kept.
struct Kept {
    timeseries::Table table;
    timeseries::Table storage;  // whose chunks hold its rows: another one for a continuous aggregate
    bool aggregate = false;
};

// The tables of one command and who keeps them.
class Tables {
  public:
    Tables(Session& session, timeseries::Way way);

    [[nodiscard]] timeseries::Way way() const { return keeper_->way(); }
    timeseries::Keeper& keeper() { return *keeper_; }
    timeseries::RollUpKeeper& roll_ups() { return *roll_ups_; }
    [[nodiscard]] const std::vector<Kept>& all() const { return all_; }
    [[nodiscard]] std::vector<Kept> raw() const;
    [[nodiscard]] std::vector<Kept> aggregates() const;

    // What `keep` removes from one of them.
    database::Preview preview(const Kept& kept, timeseries::Span keep);
    // The rows that all retentions remove now, where they would leave none in any table; else 0.
    std::int64_t rows_if_nothing_stays();
    // Steps that remove it; aggregates never lose what they were made of unnoticed.
    std::vector<operation::Step> drop_steps(const Kept& kept, const database::Preview& preview,
                                            std::size_t& dropped);
    // Makes aggregates agree with the rows before those go.
    operation::Step refresh_step(const timeseries::Range& range, std::size_t pieces);

  private:
    Session& session_;
    std::unique_ptr<timeseries::Keeper> keeper_;
    std::unique_ptr<timeseries::RollUpKeeper> roll_ups_;
    std::vector<Kept> all_;
};

}  // namespace tti::network_operations_center
