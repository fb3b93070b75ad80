#include "cli/parser.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "util/csv.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::cli {
namespace {

constexpr const char* help_name = "help";

// CLI11 takes the next argument where "--flag=" ends in nothing, and of a list's items it splits those in
// brackets. A byte that no argument can hold (a NUL) at their end keeps it from both.
constexpr char end_marker = '\0';

std::string marked(const std::string& argument) {
    const bool open = argument.starts_with("-") && argument.find('=') == argument.size() - 1;
    const bool in_brackets = argument.starts_with("[") && argument.ends_with("]");
    return open || in_brackets ? argument + end_marker : argument;
}

std::string without_marker(std::string text) {
    if (!text.empty() && text.back() == end_marker) text.pop_back();
    return text;
}

std::string cli11_names(const settings::Option& option) {
    return option.short_name == 0 ? "--" + option.name
                                  : fmt::format("-{},--{}", option.short_name, option.name);
}

// The command tree in CLI11's terms; it fills the flags as it parses, so that they keep their order.
class Grammar {
  public:
    Grammar(const Command& program, const std::vector<settings::Option>& settings, ParsedLine& line)
        : line_(line) {
        root_.set_help_flag();
        add_options(root_, settings);
        add_options(root_, {{.name = help_name, .type = settings::Type::boolean, .short_name = 'h'}});
        add_program_options(program);
        add_command(root_, program);
    }

    // What is neither a command, an option nor a value comes back.
    std::vector<std::string> parse(std::span<const std::string> arguments) {
        line_.words.assign(arguments.begin(), arguments.end());
        std::transform(arguments.rbegin(), arguments.rend(), std::back_inserter(left_), marked);
        root_.parse(left_);
        auto remaining = root_.remaining(true);
        for (auto& word : remaining) word = without_marker(word);
        return remaining;
    }

    // Follows the commands that were named.
    void follow(const Command& program) {
        line_.command = &program;
        line_.path = {program.name};
        const CLI::App* app = &root_;
        while (!app->get_subcommands().empty()) {
            app = app->get_subcommands().front();
            line_.command = find_child(*line_.command, app->get_name());
            line_.path.push_back(app->get_name());
        }
    }

  private:
    void add_command(CLI::App& app, const Command& command) {
        app.set_help_flag();
        app.allow_extras();
        app.fallthrough();
        app.require_subcommand(0, 1);
        if (&app != &root_) add_options(app, flags_of(command));
        add_arguments(app, command.arguments);
        for (const auto& child : command.children) add_command(*app.add_subcommand(child.name), child);
    }

    void add_options(CLI::App& app, const std::vector<settings::Option>& options) {
        for (const auto& option : options) {
            add_option(app, option, [this, name = option.name](const std::string& text) {
                line_.flags.push_back({name, text});
                option_end_ = place();
            });
        }
    }

    // Those of the program itself are kept apart from the command's, and taken out of its words.
    void add_program_options(const Command& program) {
        for (const auto& option : flags_of(program)) {
            add_option(root_, option, [this, name = option.name](const std::string& text) {
                line_.program_flags.push_back({name, text});
                take_out("--" + name);
                option_end_ = place();
            });
        }
    }

    // `take` is called as soon as the option and its value have been read.
    static void add_option(CLI::App& app, const settings::Option& option,
                           const std::function<void(const std::string&)>& take) {
        auto* added = app.add_option(cli11_names(option), [take](const CLI::results_t& texts) {
            take(without_marker(texts.back()));
            return true;
        });
        added->expected(option.type == settings::Type::boolean ? 0 : 1);
        added->allow_extra_args(false)->trigger_on_parse();
    }

    // How many of the words have been read.
    [[nodiscard]] std::size_t place() const { return line_.words.size() - left_.size(); }

    // The option that ends here, in one word or in two.
    void take_out(const std::string& flag) {
        const auto end = place();
        const bool two = end >= option_end_ + 2 && line_.words[end - 2] == flag;
        const auto last = line_.words.begin() + static_cast<std::ptrdiff_t>(end);
        line_.words.erase(last - (two ? 2 : 1), last);
    }

    void add_arguments(CLI::App& app, const std::vector<settings::Option>& arguments) {
        for (const auto& argument : arguments) {
            const bool is_list = argument.type == settings::Type::list;
            auto* added = app.add_option(
                argument.name, [this, is_list, name = argument.name](const CLI::results_t& texts) {
                    for (const auto& text : texts) {
                        const std::array word{without_marker(text)};
                        // In flag syntax, so that each word is one item whatever it holds.
                        line_.flags.push_back({name, is_list ? util::format_csv(word) : word.front()});
                    }
                    return true;
                });
            added->expected(1, is_list ? CLI::detail::expected_max_vector_size : 1)
                ->allow_extra_args(is_list);
        }
    }

    CLI::App root_;
    std::vector<std::string> left_;  // the words that CLI11 has not read yet, the next one last
    std::size_t option_end_ = 0;     // where the last option that was read ended
    ParsedLine& line_;
};

std::vector<std::string> visible_names(const std::vector<Command>& commands) {
    std::vector<std::string> names;
    for (const auto& command : commands) {
        if (!command.hidden) names.push_back(command.name);
    }
    return names;
}

std::string help_hint(const Path& path) {
    return fmt::format("See: {} --help.", util::join(path, " "));
}

[[noreturn]] void unknown_command(const ParsedLine& line, const std::string& word) {
    const auto names = visible_names(line.command->children);
    const auto near = util::suggestion(word, names);
    throw UsageError(fmt::format(R"("{}" has no command "{}")", util::join(line.path, " "), word),
                     near.empty() ? fmt::format("Its commands are: {}.", util::join(names, ", "))
                                  : fmt::format("Did you mean: {} {}?", util::join(line.path, " "), near));
}

[[noreturn]] void unknown_option(const ParsedLine& line, const std::vector<settings::Option>& settings,
                                 const std::string& argument) {
    const auto typed = argument.substr(0, argument.find('='));  // what stands after it may be a secret
    std::vector<std::string> names{"--help"};
    for (const auto& option : flags_of(*line.command)) names.push_back("--" + option.name);
    if (std::ranges::find(names, typed) != names.end()) {
        throw UsageError(fmt::format("option {} stands before the command it belongs to", typed),
                         fmt::format("Write it after \"{}\".", util::join(line.path, " ")));
    }
    for (const auto& option : settings) names.push_back("--" + option.name);
    const auto near = util::suggestion(typed, names);
    throw UsageError(fmt::format("\"{}\" has no option {}", util::join(line.path, " "), typed),
                     near.empty() ? help_hint(line.path) : fmt::format("Did you mean {}?", near));
}

void refuse_unknown(const ParsedLine& line, const std::vector<settings::Option>& settings,
                    const std::vector<std::string>& remaining) {
    if (remaining.empty()) return;
    const auto& first = remaining.front();
    const bool is_option = first.size() > 1 && first.starts_with("-") && first != "--";
    if (!is_option && !line.command->run) unknown_command(line, first);
    if (line.help) return;
    if (is_option) unknown_option(line, settings, first);
    throw UsageError(fmt::format(R"("{}" takes no {}argument "{}")", util::join(line.path, " "),
                                 line.command->arguments.empty() ? "" : "further ", first),
                     "A value with spaces needs quotes; a switch is turned off with --NAME=false.");
}

// CLI11 leaves the "--" after which everything is an argument.
void drop_end_of_options(std::vector<std::string>& remaining) {
    const auto mark = std::ranges::find(remaining, "--");
    if (mark != remaining.end()) remaining.erase(mark);
}

// "--ecs STACK ecs tasks" is "ecs tasks --ecs STACK".
void hand_over_program_flags(ParsedLine& line) {
    const auto own = flags_of(*line.command);
    const auto is_own = [&own](const settings::FlagText& flag) {
        return std::ranges::find(own, flag.name, &settings::Option::name) != own.end();
    };
    if (!std::ranges::all_of(line.program_flags, is_own)) return;
    line.flags.insert(line.flags.begin(), line.program_flags.begin(), line.program_flags.end());
    line.program_flags.clear();
}

void require_options(const ParsedLine& line) {
    if (!line.command->run) return;
    std::vector<std::string> missing;
    for (const auto& option : inputs_of(*line.command)) {
        if (option.required &&
            std::ranges::find(line.flags, option.name, &settings::FlagText::name) == line.flags.end()) {
            missing.push_back(settings::shown_name(option));
        }
    }
    if (missing.empty()) return;
    throw UsageError(fmt::format("\"{}\" needs {}", util::join(line.path, " "), util::join(missing, ", ")),
                     help_hint(line.path));
}

}  // namespace

ParsedLine parse(const Command& program, const std::vector<settings::Option>& settings,
                 std::span<const std::string> arguments) {
    ParsedLine line;
    const bool asks_help = !arguments.empty() && arguments.front() == help_name;
    if (asks_help) arguments = arguments.subspan(1);
    Grammar grammar(program, settings, line);
    std::vector<std::string> remaining;
    try {
        remaining = grammar.parse(arguments);
    } catch (const CLI::ArgumentMismatch&) {
        // The values are taken greedily, so only the last argument can lack one.
        throw UsageError(fmt::format("option {} needs a value", arguments.back()));
    } catch (const CLI::ParseError& error) {
        throw UsageError(fmt::format("the command line cannot be read ({})", error.get_name()));
    }
    grammar.follow(program);
    hand_over_program_flags(line);
    if (!line.command->arguments.empty()) drop_end_of_options(remaining);
    line.help =
        std::erase_if(line.flags, [](const auto& flag) { return flag.name == help_name; }) > 0 || asks_help;
    refuse_unknown(line, settings, remaining);
    if (!line.help) require_options(line);
    return line;
}

}  // namespace tti::cli
