#include "operation/holder.hpp"

#include <fmt/format.h>

#include "operation/ecs_task.hpp"

namespace tti::operation {

std::string describe(const Holder& holder) {
    const auto& who = holder.identity;
    auto text = fmt::format("{} on host {}, process {}", who.user, who.host, who.pid);
    if (!who.task.empty()) text += fmt::format(", task {}", who.task);
    text += fmt::format(", since {}, \"{}\"", holder.since, who.command);
    if (!holder.step.empty()) text += fmt::format(", at step {}, {} %", holder.step, holder.percent);
    return text;
}

std::string hint_for(const Holder& holder) {
    const std::string hint = "Wait for it to end, or add --wait 10m to this command.";
    const auto look = how_to_look_at(holder.identity.task);
    return look.empty() ? hint : hint + " " + look;
}

}  // namespace tti::operation
