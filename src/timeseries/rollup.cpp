#include "timeseries/rollup.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tti::timeseries {

using postgres::quote_identifier;

bool RollUps::is_source(const std::string& name) const {
    return std::ranges::find(all, name, &RollUp::source) != all.end();
}

bool RollUps::is_raw(const std::string& source) const {
    return std::ranges::find(all, source, &RollUp::name) == all.end();
}

std::vector<std::string> RollUps::sources() const {
    std::vector<std::string> result;
    for (const auto& roll_up : all) {
        if (!is_raw(roll_up.source)) continue;
        if (std::ranges::find(result, roll_up.source) == result.end()) result.push_back(roll_up.source);
    }
    for (const auto& roll_up : all) {
        if (is_source(roll_up.name)) result.push_back(roll_up.name);
    }
    return result;
}

std::vector<const RollUp*> RollUps::built_on(const std::string& source) const {
    std::vector<const RollUp*> result;
    for (const auto& roll_up : all) {
        if (roll_up.source == source) result.push_back(&roll_up);
    }
    return result;
}

Span RollUps::unit(const std::string& source) const {
    Span longest = std::chrono::hours(1);
    for (const auto* roll_up : built_on(source)) longest = std::max(longest, roll_up->bucket);
    return longest;
}

Time bucket_start(Time time, Span bucket) {
    const auto into = (time - bucket_origin) % bucket;
    return time - into - (into < Span::zero() ? bucket : Span::zero());
}

Time next_bucket_start(Time time, Span bucket) {
    return bucket_start(time - Span(1), bucket) + bucket;
}

std::vector<Range> merge_units(std::span<const Time> units, Span unit, int most) {
    std::vector<Range> result;
    for (const auto time : units) {
        const bool adjacent = !result.empty() && result.back().to == time;
        if (adjacent && time - result.back().from < most * unit) {
            result.back().to = time + unit;
        } else {
            result.push_back({time, time + unit});
        }
    }
    return result;
}

std::string column_list(const RollUp& roll_up) {
    std::vector<std::string> names{"bucket"};
    for (const auto& group : roll_up.groups) names.push_back(quote_identifier(group));
    for (const auto& measure : roll_up.measures) names.push_back(quote_identifier(measure.name));
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string aggregate_sql(const std::string& schema, const RollUp& roll_up, const std::string& bucket,
                          const std::string& condition) {
    std::string columns = bucket + " AS bucket";
    std::string groups = bucket;
    for (const auto& group : roll_up.groups) {
        columns += ", " + quote_identifier(group);
        groups += ", " + quote_identifier(group);
    }
    for (const auto& measure : roll_up.measures)
        columns += fmt::format(", {} AS {}", measure.expression, quote_identifier(measure.name));
    return fmt::format("SELECT {} FROM {}.{}{} GROUP BY {}", columns, quote_identifier(schema),
                       quote_identifier(roll_up.source), condition.empty() ? "" : " WHERE " + condition,
                       groups);
}

void replace_since(postgres::Connection& connection, const RollUps& roll_ups, const RollUp& roll_up,
                   const std::string& rows, const std::string& bucket, Time from) {
    const auto since = postgres::quote_literal(format(from)) + "::timestamptz";
    postgres::Transaction transaction(connection);
    connection.execute(fmt::format("DELETE FROM {} WHERE bucket >= {}", rows, since));
    connection.execute(
        fmt::format("INSERT INTO {} ({}) {}", rows, column_list(roll_up),
                    aggregate_sql(roll_ups.schema, roll_up, bucket,
                                  fmt::format("{} >= {}", quote_identifier(roll_up.source_time), since))));
    transaction.commit();
}

}  // namespace tti::timeseries
