#include <iostream>

#include <unistd.h>

#include "application_server/commands.hpp"
#include "backup/commands.hpp"
#include "cli/own_commands.hpp"
#include "cli/prompt.hpp"
#include "cli/run.hpp"
#include "database/table_reference.hpp"
#include "device_claiming_server/commands.hpp"
#include "doctor/check_reference.hpp"
#include "doctor/command.hpp"
#include "ecs/commands.hpp"
#include "ecs/task_command.hpp"
#include "identity_server/commands.hpp"
#include "identity_server/table_chapter.hpp"
#include "join_server/commands.hpp"
#include "key_space/key_reference.hpp"
#include "local/commands.hpp"
#include "local/discovery.hpp"
#include "memory/command.hpp"
#include "network_operations_center/commands.hpp"
#include "network_operations_center/table_chapter.hpp"
#include "network_server/commands.hpp"
#include "setup/command.hpp"
#include "stack/history.hpp"
#include "stack/status.hpp"
#include "stack/upgrade.hpp"
#include "storage_integration/commands.hpp"
#include "storage_integration/table_chapter.hpp"

namespace {

std::vector<tti::cli::ReferencePage> reference_pages() {
    return {tti::key_space::keys_page(),
            tti::database::tables_page(
                {tti::identity_server::table_chapter, tti::identity_server::register_chapter,
                 tti::storage_integration::table_chapter, tti::network_operations_center::table_chapter,
                 tti::database::common_tables}),
            tti::doctor::checks_page()};
}

tti::cli::Command program() {
    tti::cli::Command root{.name = "tti-lw-stack",
                           .summary = "Prepare, migrate and look after the databases of The Things Stack",
                           .description =
                               "Reads the configuration of The Things Stack: flags, TTN_LW_* variables and "
                               ".ttn-lw-stack.yml. Every command "
                               "that writes shows its plan first; with --dry-run it ends there.",
                           .options = tti::ecs::program_options()};
    root.children.push_back(tti::stack::status_command());
    root.children.push_back(tti::setup::setup_command());
    root.children.push_back(tti::stack::upgrade_command());
    root.children.push_back(tti::stack::history_command());
    root.children.push_back(tti::doctor::doctor_command());
    root.children.push_back(tti::backup::backup_command());
    root.children.push_back(tti::backup::restore_command());
    root.children.push_back(tti::memory::memory_command());
    root.children.push_back(tti::identity_server::commands());
    root.children.push_back(tti::network_server::commands());
    root.children.push_back(tti::application_server::commands());
    root.children.push_back(tti::join_server::commands());
    root.children.push_back(tti::device_claiming_server::commands());
    root.children.push_back(tti::storage_integration::commands());
    root.children.push_back(tti::network_operations_center::commands());
    root.children.push_back(tti::ecs::commands());
    root.children.push_back(tti::local::commands());
    for (auto& command : tti::cli::own_commands(reference_pages()))
        root.children.push_back(std::move(command));
    return root;
}

}  // namespace

int main(int count, char** words) {
    tti::util::SignalStop stop;
    tti::cli::TerminalPrompt prompt(stop, STDIN_FILENO, STDERR_FILENO);
    const auto surroundings = tti::settings::process_surroundings();
    const std::vector<std::string> arguments(words + (count > 0 ? 1 : 0), words + count);
    const tti::cli::Outside outside{
        .terminal = {.results = std::cout,
                     .messages = std::cerr,
                     .interactive = isatty(STDERR_FILENO) == 1,
                     .width = tti::cli::terminal_width(),
                     .screen = isatty(STDOUT_FILENO) == 1,
                     .height = tti::cli::terminal_height()},
        .standard_input = std::cin,
        .surroundings = surroundings,
        .prompt = prompt,
        .stop = stop,
        .adjust =
            [&surroundings](const auto& decisive) { return tti::local::choose(decisive, surroundings); },
        .decisive = tti::local::decisive_settings(),
        .elsewhere = tti::ecs::run_elsewhere,
    };
    return static_cast<int>(tti::cli::run(program(), arguments, outside));
}
