#pragma once

#include "cli/command.hpp"
#include "key_space/restore.hpp"
#include "key_space/session.hpp"

namespace tti::test {

// Plays an undo file of a command on Redis back, as the program's `restore FILE` does.
inline cli::Command restore_command() {
    return {.name = "restore",
            .summary = "Play an undo file back",
            .arguments = {{.name = "file", .required = true}},
            .options = key_space::undo_restore_options(),
            .settings = key_space::with_redis_settings(),
            .effect = cli::Effect::writes,
            .run = [](cli::Context& context) {
                const auto path = context.surroundings.working_directory / context.values.text("file");
                return key_space::restore_undo_file(context, operation::UndoReader(path));
            }};
}

}  // namespace tti::test
