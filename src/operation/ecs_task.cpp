#include "operation/ecs_task.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "http/client.hpp"

namespace tti::operation {
namespace {

constexpr std::chrono::milliseconds longest_wait{800};
constexpr std::size_t largest_answer = std::size_t{1} << 20U;

bool is_arn(const std::string& task) {
    return task.starts_with("arn:");
}

std::string arn_in(const http::Answer& answer) {
    const auto data = nlohmann::json::parse(answer.body, nullptr, false);
    const auto found = data.is_object() ? data.find("TaskARN") : data.end();
    return found != data.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

std::string ask_for_task(const std::string& metadata_address) {
    try {
        http::Client client({.context = "metadata of the task",
                             .connect_timeout = longest_wait,
                             .whole_timeout = longest_wait,
                             .largest_answer = largest_answer});
        util::NeverStop never;
        auto arn = arn_in(client.send({.url = metadata_address + "/task"}, never));
        if (is_arn(arn)) return arn;
    } catch (const Error&) {
        // Nothing but a name depends on it.
    }
    return metadata_address.substr(metadata_address.rfind('/') + 1);
}

std::string how_to_look_at(const std::string& task) {
    if (!is_arn(task)) return {};
    return fmt::format("See what it does with: tti-lw-stack ecs attach {} --ecs STACK", task);
}

}  // namespace tti::operation
