#include "setup/print.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "setup/actions.hpp"
#include "setup/page_forms.hpp"
#include "util/error.hpp"

namespace tti::setup {

void print_page(const Deployment& deployment, operation::Reporter& reporter) {
    std::string text;
    auto commands = nlohmann::json::array();
    for (const auto& action : page(deployment)) {
        const auto arguments = action.with_secret();
        const auto array = json_array(arguments);
        if (!array) throw UsageError(fmt::format("{}: {}", action.name(), array.error()));
        const auto line = console_line(arguments);
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
