#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/completion.hpp"
#include "cli/man_page.hpp"
#include "cli/own_commands.hpp"
#include "cli/parser.hpp"
#include "cli/reference.hpp"
#include "cli/table.hpp"
#include "settings/catalogue.hpp"
#include "settings/resolve.hpp"

namespace tti::cli {
namespace {

struct ShellEntry {
    Shell shell;
    const char* name;
    const char* use;  // the arguments of an example that installs the script
};

constexpr std::array shells{
    ShellEntry{Shell::bash, "bash", "completion bash > /etc/bash_completion.d/tti-lw-stack"},
    ShellEntry{Shell::zsh, "zsh", "completion zsh > /usr/local/share/zsh/site-functions/_tti-lw-stack"},
    ShellEntry{Shell::fish, "fish", "completion fish > /etc/fish/completions/tti-lw-stack.fish"},
};

ExitCode print_completion(Context& context, Shell shell) {
    const auto script = completion(shell, context.program, settings::catalogue());
    context.reporter.result(script, {{"script", script}});
    return ExitCode::done;
}

ExitCode complete(Context& context) {
    const auto& name = context.values.text("shell");
    const auto* entry =
        std::ranges::find_if(shells, [&name](const auto& shell) { return shell.name == name; });
    return print_completion(context, entry->shell);
}

void write_page(const std::filesystem::path& file, const std::string& page) {
    std::ofstream stream(file, std::ios::binary);
    stream << page << std::flush;
    if (!stream) throw Error(ExitCode::unexpected, fmt::format("{} cannot be written", file.string()));
}

ExitCode write_man_pages(Context& context) {
    const std::filesystem::path folder = context.values.text("output-dir");
    std::error_code failure;
    std::filesystem::create_directories(folder, failure);
    if (failure) {
        throw Error(ExitCode::unexpected,
                    fmt::format("folder {} cannot be made: {}", folder.string(), failure.message()));
    }
    std::size_t count = 0;
    walk(context.program, false, [&](const Path& path, const Command& command) {
        write_page(folder / man_page_name(path), man_page(path, command, settings::catalogue()));
        ++count;
    });
    context.reporter.result(fmt::format("{} man pages are in {}", count, folder.string()),
                            {{"pages", count}, {"folder", folder.string()}});
    return ExitCode::done;
}

ExitCode print_reference(Context& context, const std::vector<ReferencePage>& pages) {
    const auto& name = context.values.text("page");
    const auto page = std::ranges::find(pages, name, &ReferencePage::name);
    if (page != pages.end()) {
        const auto text = page->text(context.program);
        context.reporter.result(text, {{"markdown", text}});
        return ExitCode::done;
    }
    Table table({"page", "of"});
    auto names = nlohmann::json::array();
    for (const auto& known : pages) {
        table.add({known.name, known.summary});
        names.push_back(known.name);
    }
    context.reporter.result(table.text(), {{"pages", names}});
    return ExitCode::done;
}

// Why a run with these words would end before it did anything; empty where it would not.
std::string misunderstood(const Context& context, const std::string& line) {
    try {
        const auto words = nlohmann::json::parse(line).get<std::vector<std::string>>();
        const auto parsed = parse(context.program, settings::catalogue(), words);
        if (!parsed.command->run) return parsed.help ? "" : "it is a group of commands";
        if (parsed.help) return {};
        auto options = inputs_of(*parsed.command);
        std::ranges::copy(settings::catalogue(), std::back_inserter(options));
        settings::resolve_flags(options, parsed.flags);
        settings::resolve_flags(flags_of(context.program), parsed.program_flags);
        return {};
    } catch (const std::exception& error) {
        return error.what();
    }
}

ExitCode check_commands(Context& context) {
    std::string text;
    auto wrong = nlohmann::json::array();
    std::size_t count = 0;
    for (std::string line; std::getline(context.standard_input, line); ++count) {
        const auto why = misunderstood(context, line);
        if (why.empty()) continue;
        text += fmt::format("{}: {}\n", line, why);
        wrong.push_back({{"command", line}, {"error", why}});
    }
    text += fmt::format("{} of {} commands are not understood", wrong.size(), count);
    context.reporter.result(text, {{"commands", count}, {"wrong", wrong}});
    return wrong.empty() ? ExitCode::done : ExitCode::usage;
}

}  // namespace

Command completion_command() {
    Command group{.name = "completion",
                  .summary = "Print a script that completes commands in a shell",
                  .only_here = true};
    for (const auto& entry : shells) {
        group.children.push_back(
            {.name = entry.name,
             .summary = fmt::format("Print the completion script for {}", entry.name),
             .examples = {{entry.use, "for all users of this machine"}},
             .run = [shell = entry.shell](Context& context) { return print_completion(context, shell); }});
    }
    return group;
}

Command complete_command() {
    settings::Option shell{.name = "shell",
                           .description = "the shell to print the completion script for",
                           .default_text = "bash"};
    for (const auto& entry : shells) shell.choices.emplace_back(entry.name);
    // The stack's program takes the name of the executable; ours has one name.
    settings::Option executable{
        .name = "executable", .description = "accepted, has no effect", .hidden = true};
    return {.name = "complete",
            .summary = "Print a script that completes commands in a shell",
            .options = {std::move(shell), std::move(executable)},
            .hidden = true,
            .only_here = true,
            .run = complete};
}

Command gen_man_pages_command() {
    return {.name = "gen-man-pages",
            .summary = "Write a man page for every command",
            .options = {{.name = "output-dir",
                         .description = "folder to write to; it is made where it is missing",
                         .value_name = "DIR",
                         .default_text = "man",
                         .short_name = 'o'}},
            .hidden = true,
            .only_here = true,
            .run = write_man_pages};
}

Command reference_command(std::vector<ReferencePage> pages) {
    settings::Option page{.name = "page",
                          .description = "the page to print; all of them are listed when left out",
                          .value_name = "PAGE"};
    for (const auto& known : pages) page.choices.push_back(known.name);
    return {.name = "reference",
            .summary = "Print a page of the reference as Markdown",
            .arguments = {std::move(page)},
            .hidden = true,
            .only_here = true,
            .run = [pages = std::move(pages)](Context& context) { return print_reference(context, pages); }};
}

Command check_commands_command() {
    return {.name = "check-commands",
            .summary = "Read command lines, and tell which of them this program does not understand",
            .description =
                "Each line of the standard input is a JSON array of the words of a command. Nothing is run.",
            .hidden = true,
            .only_here = true,
            .run = check_commands};
}

std::vector<Command> own_commands(std::vector<ReferencePage> more_pages) {
    auto pages = own_reference_pages();
    std::ranges::move(more_pages, std::back_inserter(pages));
    return {version_command(),       config_command(),        completion_command(),
            complete_command(),      gen_man_pages_command(), reference_command(std::move(pages)),
            check_commands_command()};
}

}  // namespace tti::cli
