#include "operation/reporter.hpp"

#include <nlohmann/json.hpp>

namespace tti::operation {

void Reporter::log(Level level, std::string_view message) {
    log(level, message, nlohmann::json::object());
}

}  // namespace tti::operation
