#include "ecs/forms.hpp"
#include "ecs/shell_words.hpp"
#include "entries.hpp"
#include "promise.hpp"

namespace tti::fuzz {
namespace {

void console_line(std::string_view text) {
    const auto words = ecs::parse_console_line(text);
    if (!words) return;
    const auto line = ecs::console_line(*words);
    promise(line && ecs::parse_console_line(*line) == *words, "a Console line that does not come back");
}

void json_array(std::string_view text) {
    const auto words = ecs::parse_json_array(text);
    if (!words) return;
    const auto array = ecs::json_array(*words);
    promise(array && ecs::parse_json_array(*array) == *words, "an array that does not come back");
}

void call(std::string_view text) {
    const ecs::RunArguments where{.task_definition = "ops",
                                  .cluster = "c",
                                  .subnets = {"subnet-1", "subnet-2"},
                                  .security_group = "sg-1"};
    if (const auto words = ecs::parse_run_task_call(text)) {
        const auto written = ecs::run_task_call(*words, where);
        promise(written && ecs::parse_run_task_call(*written) == *words, "a call that does not come back");
    }
    const std::vector<std::string> any{"tti-lw-stack", std::string(text)};
    if (const auto written = ecs::run_task_call(any, where))
        promise(ecs::parse_run_task_call(*written) == any, "a word that does not come back");
}

}  // namespace

void task_forms(std::string_view input) {
    console_line(input);
    json_array(input);
    call(input);
    std::ignore = ecs::parse_shell_words(input);
    if (const auto where = ecs::parse_run_arguments(input)) {
        const auto again = ecs::parse_run_arguments(ecs::format_run_arguments(*where));
        promise(again && again->cluster == where->cluster, "arguments that do not come back");
    }
}

}  // namespace tti::fuzz
