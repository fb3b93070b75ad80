#pragma once

#include "timeseries/keeper.hpp"

namespace tti::timeseries {

// Hypertables of TimescaleDB, whose background jobs keep them. https://docs.timescale.com/api/latest/
class Timescale final : public Keeper {
  public:
    explicit Timescale(Means means) : means_(std::move(means)) {}

    [[nodiscard]] Way way() const override { return Way::timescaledb; }
    [[nodiscard]] bool works_by_itself() const override { return true; }
    [[nodiscard]] std::string create_clause(const std::string& /*time_column*/) const override { return {}; }
    void adopt(const Table& table, Span chunk_length) override;
    Span chunk_length(const Table& table) override;
    void set_chunk_length(const Table& table, Span length) override;
    std::vector<Chunk> chunks(const Table& table) override;
    std::vector<Chunk> strays(const Table& /*table*/) override { return {}; }
    void drop(const Table& table, const Chunk& chunk) override;
    std::optional<Retention> retention(const Table& table) override;
    void set_retention(const Table& table, std::optional<Span> keep) override;
    [[nodiscard]] bool can_compress() const override { return true; }
    std::optional<Compression> compression(const Table& table) override;
    void set_compression(const Table& table, std::optional<Span> after, const std::string& together) override;
    std::vector<Range> missing(const Table& /*table*/, Time /*now*/) override { return {}; }
    std::int64_t make(const Table& /*table*/, const Range& /*range*/) override { return 0; }
    void note_run(const Table& /*table*/) override {}

  private:
    Means means_;
};

}  // namespace tti::timeseries
