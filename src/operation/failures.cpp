#include "operation/failures.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tti::operation {

void Failures::add(std::string_view record, std::string_view reason) {
    const auto same = [&](const Failure& failure) { return failure.record == record; };
    if (std::ranges::any_of(named_, same)) return;
    if (named_.size() < most_named) named_.push_back({std::string(record), std::string(reason)});
    ++count_;
}

void Failures::clear() {
    named_.clear();
    count_ = 0;
}

std::string Failures::text() const {
    std::string text;
    for (const auto& failure : named_) {
        text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", failure.record, failure.reason);
    }
    const auto more = count_ - static_cast<std::int64_t>(named_.size());
    if (more > 0) text += fmt::format("; and {} more", more);
    return text;
}

nlohmann::json Failures::data() const {
    auto data = nlohmann::json::array();
    for (const auto& failure : named_)
        data.push_back({{"record", failure.record}, {"reason", failure.reason}});
    return data;
}

}  // namespace tti::operation
