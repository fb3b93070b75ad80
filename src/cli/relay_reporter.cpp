#include "cli/relay_reporter.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/log_line.hpp"

namespace tti::cli {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds progress_interval{1};

// A list, since the order is shown.
json amounts_list(const operation::Amounts& amounts) {
    auto list = json::array();
    for (const auto& amount : amounts) list.push_back({amount.what, amount.number});
    return list;
}

json step_data(const operation::Step& step) {
    return {{"name", step.name},        {"what", step.what},
            {"why", step.why},          {"touches", amounts_list(step.touches)},
            {"lock", step.lock},        {"destroys", step.destroys},
            {"undo", step.undo},        {"group", step.group},
            {"database", step.database}};
}

}  // namespace

bool is_relayed(const std::map<std::string, std::string>& environment) {
    return environment.contains(relay_variable);
}

void RelayStream::tell(const json& event) {
    ++number_;
    stream_ << fmt::format("{{\"relay\":{},{}", number_, json_text(event).substr(1)) << '\n' << std::flush;
}

void RelayStream::end(ExitCode code) {
    tell({{"event", "end"}, {"exit_code", code}});
}

void RelayReporter::log(operation::Level level, std::string_view message, const json& fields) {
    if (level < least_) return;
    stream_.tell({{"event", "log"}, {"level", level}, {"message", message}, {"fields", fields}});
}

void RelayReporter::plan(const operation::Plan& plan, bool dry_run) {
    auto steps = json::array();
    for (const auto& step : plan.steps) steps.push_back(step_data(step));
    stream_.tell({{"event", "plan"},
                  {"title", plan.title},
                  {"dry_run", dry_run},
                  {"steps", std::move(steps)},
                  {"notes", plan.notes},
                  {"refusals", plan.refusals},
                  {"refusal_hint", plan.refusal_hint},
                  {"confirmation", plan.confirmation},
                  {"shows_hash", plan.shows_hash}});
}

void RelayReporter::progress(const operation::Progress& progress) {
    const auto now = now_();
    if (last_progress_ && now - *last_progress_ < progress_interval) return;
    last_progress_ = now;
    stream_.tell({{"event", "progress"},
                  {"step", progress.step},
                  {"number", progress.number},
                  {"of", progress.of},
                  {"unit", progress.unit},
                  {"done", progress.done},
                  {"total", progress.total}});
}

void RelayReporter::step_done(const operation::Step& step, const operation::Amounts& counts,
                              std::chrono::milliseconds took) {
    stream_.tell({{"event", "step"},
                  {"step", step_data(step)},
                  {"counts", amounts_list(counts)},
                  {"milliseconds", took.count()}});
}

void RelayReporter::result(std::string_view text, const json& data) {
    stream_.tell({{"event", "result"}, {"text", text}, {"data", data}});
}

void RelayReporter::error(const Error& error) {
    stream_.tell(
        {{"event", "error"}, {"message", error.what()}, {"hint", error.hint()}, {"exit_code", error.code()}});
}

}  // namespace tti::cli
