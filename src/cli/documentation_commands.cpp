#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/completion.hpp"
#include "cli/man_page.hpp"
#include "cli/own_commands.hpp"
#include "cli/reference.hpp"
#include "settings/catalogue.hpp"

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

}  // namespace

Command completion_command() {
    Command group{.name = "completion", .summary = "Print a script that completes commands in a shell"};
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
            .run = write_man_pages};
}

Command reference_command() {
    return {.name = "reference",
            .summary = "Print the reference of all commands as Markdown",
            .hidden = true,
            .run = [](Context& context) {
                const auto text = reference(context.program, settings::catalogue());
                context.reporter.result(text, {{"markdown", text}});
                return ExitCode::done;
            }};
}

std::vector<Command> own_commands() {
    return {version_command(),  config_command(),        completion_command(),
            complete_command(), gen_man_pages_command(), reference_command()};
}

}  // namespace tti::cli
