#include "database/preview.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "operation/failure_point.hpp"
#include "operation/runner.hpp"
#include "timeseries/schedule.hpp"

namespace tti::database {
namespace {

using nlohmann::json;
using operation::failure_point;
using timeseries::Chunk;

constexpr std::size_t most_upcoming_notes = 5;

json to_json(const Preview& preview, const Chunk& chunk) {
    return {{"from", timeseries::format(chunk.range.from)},
            {"to", timeseries::format(chunk.range.to)},
            {"rows", chunk.rows},
            {"bytes", chunk.bytes},
            {"stray", chunk.stray},
            {"due", timeseries::format(preview.due(chunk))}};
}

std::string rows_of(const Chunk& chunk) {
    return fmt::format("from {} to {} with {} rows, {}", timeseries::format(chunk.range.from),
                       timeseries::format(chunk.range.to), chunk.rows, size_text(chunk.bytes));
}

void sort_into(Preview& preview, postgres::Connection& connection, Chunk chunk) {
    if (timeseries::is_expired(chunk.range, preview.now, preview.keep)) {
        chunk.rows = timeseries::count_rows(connection, chunk);
        preview.rows += chunk.rows;
        preview.bytes += chunk.bytes;
        preview.expired.push_back(std::move(chunk));
    } else if (chunk.range.from <= preview.now || chunk.rows > 0) {
        preview.upcoming.push_back(std::move(chunk));
    }
}

// Statistics may say 0 of a chunk that was just filled.
bool has_rows(postgres::Connection& connection, const Chunk& chunk) {
    return chunk.rows > 0 ||
           !connection.execute(fmt::format("SELECT 1 FROM {} LIMIT 1", chunk.relation)).empty();
}

}  // namespace

std::string size_text(std::int64_t bytes) {
    constexpr std::array<std::string_view, 5> units{"bytes", "KiB", "MiB", "GiB", "TiB"};
    auto size = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (size >= 1024 && unit + 1 < units.size()) {
        size /= 1024;
        ++unit;
    }
    return unit == 0 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", size, units[unit]);
}

std::string Preview::summary() const {
    if (expired.empty()) return "nothing";
    return fmt::format("{} chunk{} from {} to {} with {} rows, {}", expired.size(),
                       expired.size() == 1 ? "" : "s", timeseries::format(expired.front().range.from),
                       timeseries::format(expired.back().range.to), rows, size_text(bytes));
}

Preview preview(timeseries::Keeper& keeper, postgres::Connection& connection, const timeseries::Table& table,
                timeseries::Span keep) {
    Preview result{.keep = keep, .now = timeseries::server_now(connection)};
    for (auto& chunk : keeper.chunks(table)) sort_into(result, connection, std::move(chunk));
    for (auto& chunk : keeper.strays(table)) sort_into(result, connection, std::move(chunk));
    for (auto* list : {&result.expired, &result.upcoming})
        std::ranges::sort(*list, {}, [](const Chunk& chunk) { return chunk.range.from; });
    result.takes_everything = result.rows > 0 && leaves_nothing(connection, result);
    return result;
}

bool leaves_nothing(postgres::Connection& connection, const Preview& preview) {
    return std::ranges::none_of(preview.upcoming,
                                [&](const Chunk& chunk) { return has_rows(connection, chunk); });
}

std::vector<std::string> upcoming_notes(const Preview& preview) {
    std::vector<std::string> notes;
    for (const auto& chunk : preview.upcoming) {
        if (notes.size() == most_upcoming_notes) break;
        notes.push_back(fmt::format("On {} goes the chunk {} (estimated).",
                                    timeseries::format(preview.due(chunk)), rows_of(chunk)));
    }
    return notes;
}

std::string preview_text(const Preview& preview) {
    cli::Table table({"goes", "from", "to", "rows", "size"});
    const auto add = [&](const Chunk& chunk, const std::string& when) {
        table.add({when, timeseries::format(chunk.range.from), timeseries::format(chunk.range.to),
                   std::to_string(chunk.rows), size_text(chunk.bytes)});
    };
    for (const auto& chunk : preview.expired) add(chunk, "at once");
    for (const auto& chunk : preview.upcoming) add(chunk, timeseries::format(preview.due(chunk)));
    auto text =
        fmt::format("keeping {}: {} would go at once\n", timeseries::format(preview.keep), preview.summary());
    if (preview.takes_everything) text += "that is everything that is stored\n";
    return table.empty() ? text : text + "\n" + table.text();
}

json preview_data(const Preview& preview) {
    json data{{"keep_seconds", std::chrono::floor<std::chrono::seconds>(preview.keep).count()},
              {"at", timeseries::format(preview.now)},
              {"rows", preview.rows},
              {"bytes", preview.bytes},
              {"takes_everything", preview.takes_everything},
              {"expired", json::array()},
              {"upcoming", json::array()}};
    for (const auto& chunk : preview.expired) data["expired"].push_back(to_json(preview, chunk));
    for (const auto& chunk : preview.upcoming) data["upcoming"].push_back(to_json(preview, chunk));
    return data;
}

std::vector<operation::Step> drop_steps(const Preview& preview, timeseries::Keeper& keeper,
                                        const timeseries::Table& table,
                                        const std::function<void(const Chunk&)>& dropped) {
    std::vector<operation::Step> steps;
    for (const auto& chunk : preview.expired) {
        steps.push_back(
            {.name = "drop " + timeseries::format(chunk.range.from),
             .what = fmt::format("drop {} {}", chunk.stray ? "the rows" : "the chunk", rows_of(chunk)),
             .why = fmt::format("older than {}", timeseries::format(preview.keep)),
             .touches = {{"rows", chunk.rows}, {"bytes", chunk.bytes}},
             .lock = operation::Lock::table,
             .destroys = true,
             .run = [&keeper, table, chunk, dropped](operation::StepContext& context) {
                 failure_point("before drop");
                 keeper.drop(table, chunk);
                 failure_point("after drop");
                 dropped(chunk);
                 context.count("chunks dropped", 1);
                 context.count("rows dropped", chunk.rows);
             }});
    }
    return steps;
}

}  // namespace tti::database
