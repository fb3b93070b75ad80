#pragma once

#include "cli/command.hpp"
#include "network_operations_center/late_events.hpp"
#include "network_operations_center/migrations.hpp"
#include "network_operations_center/tables.hpp"
#include "operation/operation.hpp"

namespace tti::network_operations_center {

// What init and migrate are asked for besides the migrations.
struct Request {
    std::optional<timeseries::Way> way;
    timeseries::Span raw_retention{0};
    std::optional<timeseries::Span> aggregate_retention;  // empty: as it is
    bool fresh = false;  // only on no tables, or on tables that are not behind
};
// Throws UsageError naming the option.
Request request(const settings::Values& values);
std::vector<settings::Option> migrate_options();

// Brings the tables up to date and keeps raw events and aggregates for as long as asked.
class MigrateOperation final : public operation::Operation {
  public:
    MigrateOperation(Session& session, Request request) : session_(session), request_(request) {}

    operation::Plan plan() override;
    void verify() override;
    std::string result_text() override;
    nlohmann::json result_data() override;

  private:
    void require_extension();
    void plan_conversion(operation::Plan& plan);
    void plan_late_events(const std::optional<LateEvents>& late, bool shorter, operation::Plan& plan);
    [[nodiscard]] std::optional<LateEvents> late_events();
    void plan_all(const SchemaState& state, operation::Plan& plan);
    void plan_migrations(const SchemaState& state, operation::Plan& plan);
    void plan_retention(bool aggregates, timeseries::Span keep, operation::Plan& plan);
    std::size_t plan_removal(const std::vector<Kept>& changed, timeseries::Span keep, operation::Plan& plan);
    void plan_net_ids(operation::Plan& plan);

    Session& session_;
    Request request_;
    timeseries::Way way_ = timeseries::Way::partitions;
    bool begun_ = false;            // a conversion, by a run that was killed
    std::optional<Tables> tables_;  // where the tables are there
    std::size_t steps_ = 0;
    std::size_t dropped_ = 0;
};

cli::Command init_command();
cli::Command migrate_command();

}  // namespace tti::network_operations_center
