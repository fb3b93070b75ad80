#include "ecs/commands.hpp"

#include "ecs/verify.hpp"

namespace tti::ecs {

cli::Command commands() {
    cli::Command group;
    group.name = "ecs";
    group.summary = "Run commands as tasks of a deployment on Amazon ECS";
    group.description =
        "tti-lw-stack --ecs STACK COMMAND runs any command where its databases are: as a task of the stack "
        "that "
        "was made from template 5-2-ecs-ops, with its image, roles and network. Its plan, progress and "
        "results "
        "are shown as if it ran here, and its exit code is the one of this program. Options about the task "
        "(--timeout, --detach) are best written before the command, since behind it they are the command's "
        "where "
        "it has some of that name.\n\n"
        "Nobody can be asked within a task, so a command that wants to be agreed to needs --yes; look with "
        "--dry-run first.";
    group.only_here = true;
    group.children = {run_command(),  attach_command(), logs_command(), tasks_command(),
                      stop_command(), verify_command(), forms_command()};
    return group;
}

}  // namespace tti::ecs
