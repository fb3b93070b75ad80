#pragma once

#include "timeseries/keeper.hpp"

namespace tti::timeseries {

// Native range partitions, made ahead of time and dropped whole, with a default partition for rows that none
// was made for. What a hypertable has in its catalogue is in table partitioned_tables of the same schema.
class Partitions final : public Keeper {
  public:
    explicit Partitions(Means means) : means_(std::move(means)) {}

    [[nodiscard]] Way way() const override { return Way::partitions; }
    [[nodiscard]] bool works_by_itself() const override { return false; }
    [[nodiscard]] std::string create_clause(const std::string& time_column) const override;
    void adopt(const Table& table, Span chunk_length) override;
    Span chunk_length(const Table& table) override;
    void set_chunk_length(const Table& table, Span length) override;
    std::vector<Chunk> chunks(const Table& table) override;
    std::vector<Chunk> strays(const Table& table) override;
    void drop(const Table& table, const Chunk& chunk) override;
    std::optional<Retention> retention(const Table& table) override;
    void set_retention(const Table& table, std::optional<Span> keep) override;
    [[nodiscard]] bool can_compress() const override { return false; }
    std::optional<Compression> compression(const Table& /*table*/) override { return std::nullopt; }
    void set_compression(const Table& /*table*/, std::optional<Span> /*after*/,
                         const std::string& /*together*/) override {}
    std::vector<Range> missing(const Table& table, Time now) override;
    std::int64_t make(const Table& table, const Range& range) override;
    void note_run(const Table& table) override;

  private:
    Means means_;
};

// Creates partitioned_tables in the schema.
std::string partitioned_tables_sql(const std::string& schema);

}  // namespace tti::timeseries
