#include "operation/recorder.hpp"

namespace tti::operation {

void Recorder::log(Level level, std::string_view message, const nlohmann::json& /*fields*/) {
    if (level >= Level::warn) warnings_.emplace_back(message);
}

void Recorder::plan(const Plan& plan, bool /*dry_run*/) {
    plans_.push_back(plan);
}

void Recorder::result(std::string_view text, const nlohmann::json& data) {
    text_ = text;
    data_ = data;
}

void Recorder::error(const Error& error) {
    warnings_.emplace_back(error.what());
}

}  // namespace tti::operation
