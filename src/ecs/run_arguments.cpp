#include "ecs/run_arguments.hpp"

#include <fmt/format.h>

#include "util/text.hpp"

namespace tti::ecs {

Expected<RunArguments> parse_run_arguments(std::string_view text) {
    constexpr std::size_t count = 5;
    const auto words = util::words(text);
    if (words.size() != count) {
        return unexpected(fmt::format(
            "{} words instead of five; accepted: TASK_DEFINITION CLUSTER SUBNET SUBNET GROUP", words.size()));
    }
    for (const auto& subnet : {words[2], words[3]}) {
        if (!subnet.starts_with("subnet-")) return unexpected(fmt::format("{:?} is no subnet", subnet));
    }
    if (!words[4].starts_with("sg-")) return unexpected(fmt::format("{:?} is no security group", words[4]));
    return RunArguments{.task_definition = words[0],
                        .cluster = words[1],
                        .subnets = {words[2], words[3]},
                        .security_group = words[4]};
}

std::string format_run_arguments(const RunArguments& arguments) {
    return fmt::format("{} {} {} {} {}", arguments.task_definition, arguments.cluster, arguments.subnets[0],
                       arguments.subnets[1], arguments.security_group);
}

std::string RunArguments::family() const {
    const auto name = task_definition.substr(task_definition.rfind('/') + 1);
    return name.substr(0, name.find(':'));
}

}  // namespace tti::ecs
