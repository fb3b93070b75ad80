#include "cli/json_reporter.hpp"

#include <nlohmann/json.hpp>

#include "cli/log_line.hpp"
#include "cli/plan_text.hpp"

namespace tti::cli {
namespace {

constexpr std::chrono::seconds progress_interval{1};

}  // namespace

void JsonReporter::log(operation::Level level, std::string_view message, const nlohmann::json& fields) {
    if (level < least_) return;
    nlohmann::json data{{"event", "log"}, {"level", name_of(level)}, {"message", message}};
    if (!fields.empty()) data["fields"] = fields;
    event(data);
}

void JsonReporter::plan(const operation::Plan& plan, bool dry_run) {
    auto& stream = dry_run ? terminal_.results : terminal_.messages;
    stream << json_text(plan_data(plan, dry_run)) << '\n' << std::flush;
}

void JsonReporter::progress(const operation::Progress& progress) {
    const auto now = terminal_.now();
    if (last_progress_ && now - *last_progress_ < progress_interval) return;
    last_progress_ = now;
    event({{"event", "progress"},
           {"step", progress.step},
           {"number", progress.number},
           {"of", progress.of},
           {"unit", progress.unit},
           {"done", progress.done},
           {"total", progress.total}});
}

void JsonReporter::step_done(const operation::Step& step, const operation::Amounts& counts,
                             std::chrono::milliseconds took) {
    nlohmann::json data{{"event", "step"},
                        {"name", step.name},
                        {"tenant", step.group},
                        {"counts", amounts_data(counts)},
                        {"milliseconds", took.count()}};
    if (!step.database.empty()) data["database"] = step.database;
    event(data);
}

void JsonReporter::result(std::string_view /*text*/, const nlohmann::json& data) {
    terminal_.results << json_text(data) << '\n' << std::flush;
}

void JsonReporter::error(const Error& error) {
    event({{"event", "error"},
           {"message", error.what()},
           {"hint", error.hint()},
           {"code", tti::name_of(error.code())},
           {"exit_code", static_cast<int>(error.code())}});
}

void JsonReporter::event(const nlohmann::json& data) {
    terminal_.messages << json_text(data) << '\n' << std::flush;
}

}  // namespace tti::cli
