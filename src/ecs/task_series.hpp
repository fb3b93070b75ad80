#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/aws_of_run.hpp"
#include "cli/context.hpp"
#include "cli/parser.hpp"
#include "ecs/deployment.hpp"
#include "ecs/run_as_task.hpp"
#include "operation/plan.hpp"

namespace tti::ecs {

// Commands that belong together and run one after the other, each as a task of the deployment that the values
// of a run name. Nothing of the series is kept at this end: who gives the command again meets what is done in
// the databases, and what still runs in ECS.
class TaskSeries {
  public:
    // `name` ("upgrade") marks its tasks. Throws where the command on `line` must not run as a task, and for
    // --detach, since somebody has to start the next one.
    TaskSeries(cli::Context& context, const cli::ParsedLine& line, const settings::Values& inputs,
               const std::string& name);

    // Watches to its end a task that an earlier series of that name left behind; how it ended does not
    // matter, since what is left to do is looked for afterwards.
    void finish_earlier();

    // What `command` plans in its dry run, which is not shown. Throws what it ended with.
    operation::Plan plan(const std::vector<std::string>& command);

    // Runs one of `of` commands, shown as a step of this run. Returns the text of its result.
    std::string run_part(const std::vector<std::string>& command, const std::string& name, std::size_t number,
                         std::size_t of);

    // Runs the last one, which tells the result of this run.
    ExitCode run_last(const std::vector<std::string>& command);

    [[nodiscard]] const Deployment& deployment() const { return deployment_; }

  private:
    Watcher watcher(operation::Reporter& reporter);
    ExitCode run(const std::vector<std::string>& command, operation::Reporter& reporter);
    [[nodiscard]] std::optional<std::string> running_task();

    cli::Context& context_;
    std::string mark_;
    Interrupts interrupts_;
    cli::AwsOfRun aws_;
    Deployment deployment_;
    std::optional<std::chrono::milliseconds> limit_;
};

}  // namespace tti::ecs
