#include "stack/passing_reporter.hpp"

#include <algorithm>

namespace tti::stack {

void PassingReporter::log(operation::Level level, std::string_view message, const nlohmann::json& fields) {
    if (level == operation::Level::warn && place_.told.contains(std::string(message))) return;
    auto more = fields;
    more["database"] = place_.group;
    outer_.log(level, message, more);
}

void PassingReporter::plan(const operation::Plan& plan, bool /*dry_run*/) {
    judge_(plan);
}

void PassingReporter::progress(const operation::Progress& progress) {
    auto shown = progress;
    shown.step = place_.group + " " + progress.step;
    shown.number += place_.before;
    shown.of = std::max(place_.all, place_.before + progress.of);
    outer_.progress(shown);
}

void PassingReporter::step_done(const operation::Step& step, const operation::Amounts& counts,
                                std::chrono::milliseconds took) {
    auto shown = step;
    shown.database = place_.group;
    if (shown.group.empty()) shown.group = place_.tenant_id;
    outer_.step_done(shown, counts, took);
}

void PassingReporter::result(std::string_view text, const nlohmann::json& data) {
    text_ = text;
    data_ = data;
}

}  // namespace tti::stack
