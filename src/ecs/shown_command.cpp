#include "ecs/shown_command.hpp"

#include <algorithm>

#include "cli/command_line.hpp"
#include "cli/parser.hpp"
#include "cli/text_layout.hpp"
#include "settings/catalogue.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::ecs {

std::string shown_command(const cli::Command& program, std::span<const std::string> command) {
    const auto words = command.empty() ? command : command.subspan(1);
    try {
        const auto line = cli::parse(program, settings::catalogue(), words);
        const auto shown = cli::shown_command_line(line, settings::catalogue());
        return cli::printable(util::trim(std::string_view(shown).substr(program.name.size())));
    } catch (const UsageError&) {
        const auto is_option = [](const std::string& word) { return word.starts_with('-'); };
        const auto first = std::ranges::find_if(words, is_option);
        const auto plain = util::join(words.first(static_cast<std::size_t>(first - words.begin())), " ");
        return cli::printable(first == words.end() ? plain : plain + " ...");
    }
}

}  // namespace tti::ecs
