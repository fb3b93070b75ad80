#include "ecs/part_reporter.hpp"

namespace tti::ecs {

void PartReporter::log(operation::Level level, std::string_view message, const nlohmann::json& fields) {
    outer_.log(level, message, fields);
}

void PartReporter::progress(const operation::Progress& progress) {
    auto told = progress;
    told.step = progress.step.empty() ? name_ : name_ + ", " + progress.step;
    told.number = number_;
    told.of = of_;
    outer_.progress(told);
}

void PartReporter::step_done(const operation::Step& step, const operation::Amounts& counts,
                             std::chrono::milliseconds took) {
    outer_.step_done(step, counts, took);
}

}  // namespace tti::ecs
