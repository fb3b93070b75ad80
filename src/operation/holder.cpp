#include "operation/holder.hpp"

#include <fmt/format.h>

namespace tti::operation {

std::string describe(const Holder& holder) {
    const auto& who = holder.identity;
    auto text = fmt::format("{} on host {}, process {}", who.user, who.host, who.pid);
    if (!who.task.empty()) text += fmt::format(", task {}", who.task);
    text += fmt::format(", since {}, \"{}\"", holder.since, who.command);
    if (!holder.step.empty()) text += fmt::format(", at step {}, {} %", holder.step, holder.percent);
    return text;
}

}  // namespace tti::operation
