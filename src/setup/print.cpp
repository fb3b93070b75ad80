#include "setup/print.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ecs/forms.hpp"
#include "setup/actions.hpp"
#include "util/error.hpp"

namespace tti::setup {

void print_page(const Deployment& deployment, operation::Reporter& reporter) {
    std::string text;
    auto commands = nlohmann::json::array();
    for (const auto& action : page(deployment)) {
        ecs::Words command{"tti-lw-stack"};
        for (auto& word : action.with_secret()) command.push_back(std::move(word));
        const auto array = ecs::json_array(command);
        if (!array) throw UsageError(fmt::format("{}: {}", action.name(), array.error()));
        const auto line = ecs::console_line(command);
        text += fmt::format("{}# {}\n{}\n{}\n", text.empty() ? "" : "\n", action.heading,
                            line ? *line : "# not for the Console: " + line.error(), *array);
        commands.push_back({{"heading", action.heading}, {"arguments", nlohmann::json::parse(*array)}});
        if (line) {
            commands.back()["console"] = *line;
        } else {
            commands.back()["refused"] = line.error();
        }
    }
    reporter.result(text, {{"commands", commands}});
}

}  // namespace tti::setup
