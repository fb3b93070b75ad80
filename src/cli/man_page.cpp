#include "cli/man_page.hpp"

#include <fmt/format.h>

#include "cli/option_text.hpp"
#include "util/exit_code.hpp"
#include "util/text.hpp"
#include "util/version.hpp"

namespace tti::cli {
namespace {

// Text as roff prints it unchanged: backslashes and hyphens are escaped, and no line starts a request.
std::string escaped(std::string_view text) {
    std::string result;
    bool at_line_start = true;
    for (const char character : text) {
        if (at_line_start && (character == '.' || character == '\'')) result += "\\&";
        switch (character) {
            case '\\':
                result += "\\e";
                break;
            case '-':
                result += "\\-";
                break;
            default:
                result += character;
        }
        at_line_start = character == '\n';
    }
    return result;
}

std::string section(std::string_view title) {
    return fmt::format(".SH {}\n", escaped(util::upper(title)));
}

std::string title_of(const Path& path) {
    return util::join(path, "-");
}

std::string header(const Path& path, const Command& command) {
    return fmt::format(".TH \"{}\" \"1\" \"\" \"{} {}\" \"The Things Stack databases\"\n",
                       escaped(util::upper(title_of(path))), path.front(), util::version()) +
           section("name") +
           fmt::format("{} \\- {}\n", escaped(title_of(path)), escaped(summary_of(command))) +
           section("synopsis") + fmt::format("\\fB{}\\fP\n", escaped(usage_line(path, command)));
}

std::string description_text(const Command& command) {
    std::string text;
    for (const auto& paragraph : paragraphs(command.description)) {
        text += (text.empty() ? section("description") : ".PP\n") + escaped(paragraph) + "\n";
    }
    return text;
}

std::string commands_text(const Path& path, const Command& command) {
    std::string text;
    for (const auto& child : command.children) {
        if (child.hidden) continue;
        text += fmt::format(".TP\n\\fB{}\\fP(1)\n{}\n", escaped(title_of(path) + "-" + child.name),
                            escaped(summary_of(child)));
    }
    return text.empty() ? "" : section("commands") + text;
}

std::string options_text(const OptionGroup& group) {
    std::string text = section(group.title);
    for (const auto& option : group.options) {
        const auto facts = util::join(option_facts(option), "; ");
        text +=
            fmt::format(".TP\n\\fB{}\\fP\n{}{}\n", escaped(flag_syntax(option)), escaped(option.description),
                        facts.empty() ? "" : escaped(fmt::format(" ({})", facts)));
        if (group.from_environment)
            text += ".br\nVariable: " + escaped(settings::environment_name(option.name)) + "\n";
    }
    return text;
}

std::string man_examples(const Path& path, const Command& command) {
    std::string text;
    for (const auto& example : command.examples) {
        text += fmt::format("{}{}:\n.PP\n.RS 4\n.nf\n{} {}\n.fi\n.RE\n",
                            text.empty() ? section("examples") : ".PP\n", escaped(example.what), path.front(),
                            escaped(example.arguments));
    }
    return text;
}

std::string exit_status() {
    std::string text = section("exit status");
    for (const auto& entry : exit_codes()) {
        text += fmt::format(".TP\n\\fB{}\\fP\n{}\n", static_cast<int>(entry.code), escaped(entry.meaning));
    }
    return text;
}

std::string see_also(const Path& path) {
    if (path.size() == 1) return {};
    return section("see also") +
           fmt::format("\\fB{}\\fP(1)\n", escaped(title_of(Path(path.begin(), path.end() - 1))));
}

}  // namespace

std::string man_page_name(const Path& path) {
    return title_of(path) + ".1";
}

std::string man_page(const Path& path, const Command& command,
                     const std::vector<settings::Option>& settings) {
    std::string page = header(path, command) + description_text(command) + commands_text(path, command);
    for (const auto& group : option_groups(command, settings)) page += options_text(group);
    page += man_examples(path, command);
    if (command.run) page += exit_status();
    return page + see_also(path);
}

}  // namespace tti::cli
