#include "operation/display.hpp"

#include <nlohmann/json.hpp>

namespace tti::operation {

void refresh(Reporter& reporter, std::string_view text, const nlohmann::json& data) {
    if (auto* display = dynamic_cast<Display*>(&reporter)) {
        display->refresh(text, data);
    } else {
        reporter.result(text, data);
    }
}

bool colours_results(const Reporter& reporter) {
    const auto* display = dynamic_cast<const Display*>(&reporter);
    return display != nullptr && display->colours_results();
}

}  // namespace tti::operation
