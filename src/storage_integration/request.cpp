#include "storage_integration/request.hpp"

#include <fmt/format.h>

#include "settings/value.hpp"
#include "util/error.hpp"

namespace tti::storage_integration {
namespace {

using timeseries::Span;

constexpr auto length_option = "timescaledb.chunk-time-interval";
constexpr auto enable_option = "timescaledb.enable-retention-policy";
constexpr auto days_option = "timescaledb.retention-days";
constexpr auto compress_option = "timescaledb.compress-after-days";
constexpr auto way_option = "timeseries";

template <typename T>
T required(const std::string& option, const std::string& shown, const Expected<T>& parsed) {
    if (parsed) return *parsed;
    throw UsageError(fmt::format("option --{} = \"{}\": {}", option, shown, parsed.error()));
}

}  // namespace

Expected<Span> parse_chunk_length(std::string_view text) {
    const auto accepted = "accepted: a duration such as 12h, or a number of hours";
    std::chrono::nanoseconds length{0};
    if (const auto hours = settings::parse_integer(text)) {
        if (*hours < 1 || *hours > 87600) return unexpected("accepted: 1 to 87600 hours");
        length = std::chrono::hours(*hours);
    } else if (const auto duration = settings::parse_duration(text, settings::Syntax::flag)) {
        length = *duration;
    } else {
        return unexpected(accepted);
    }
    if (length < std::chrono::minutes(1) || length > std::chrono::hours(87600))
        return unexpected("accepted: one minute to 87600 hours");
    if (length % std::chrono::milliseconds(1) != std::chrono::nanoseconds::zero())
        return unexpected(accepted);
    return std::chrono::duration_cast<Span>(length);
}

Expected<Span> parse_days(std::int64_t days) {
    if (days < 1 || days > 36500) return unexpected("accepted: a whole number of days, 1 to 36500");
    return Span(std::chrono::days(days));
}

std::vector<settings::Option> keeping_options() {
    using settings::Type;
    return {{.name = length_option,
             .description = "how much time a chunk of the table holds; 168h for a new table when left out",
             .value_name = "DURATION|HOURS"},
            {.name = enable_option,
             .type = Type::boolean,
             .description = "remove messages older than --timescaledb.retention-days; =false keeps them all"},
            {.name = days_option,
             .type = Type::integer,
             .description = "for how many days messages are kept, with the policy enabled",
             .value_name = "DAYS",
             .default_text = "30"},
            {.name = compress_option,
             .type = Type::integer,
             .description = "compress chunks that are so old; 0 for never, which a new table begins with",
             .value_name = "DAYS"},
            {.name = way_option,
             .description = "keep the table so; found out when left out",
             .value_name = "WAY",
             .choices = {"timescaledb", "partitions"}}};
}

Request request(const settings::Values& values) {
    Request result;
    if (values.given(way_option)) result.way = *timeseries::parse_way(values.text(way_option));
    if (values.given(length_option)) {
        const auto& text = values.text(length_option);
        result.chunk_length = required(length_option, text, parse_chunk_length(text));
    }
    if (values.given(enable_option)) result.retention = values.boolean(enable_option);
    const auto days = values.integer(days_option);
    result.keep = required(days_option, std::to_string(days), parse_days(days));
    if (values.given(compress_option)) {
        const auto after = values.integer(compress_option);
        result.compress_after =
            after == 0 ? Span::zero() : required(compress_option, std::to_string(after), parse_days(after));
    }
    result.days_without_retention = values.given(days_option) && !result.retention.value_or(false);
    return result;
}

}  // namespace tti::storage_integration
