#include "ecs/task_disk.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "aws/ecs.hpp"
#include "ecs/judge.hpp"
#include "util/error.hpp"

namespace tti::ecs {
namespace {

// Nothing where the caller may not ask.
std::optional<std::vector<std::string>> lasting_folders(Deployment& deployment) {
    try {
        const auto definition =
            aws::describe_task_definition(deployment.ecs(), deployment.where().task_definition);
        const auto* container = operations_container(definition);
        return container == nullptr ? std::vector<std::string>() : container->lasting;
    } catch (const aws::ServiceError& error) {
        if (!aws::is_forbidden(error.problem())) throw;
        return std::nullopt;
    }
}

}  // namespace

bool is_lasting(const std::string& place, const std::vector<std::string>& lasting) {
    const auto path = std::filesystem::path(place).lexically_normal();
    return std::ranges::any_of(lasting, [&path](const std::string& folder) {
        const auto above = (std::filesystem::path(folder) / "").lexically_normal().parent_path();
        return std::mismatch(above.begin(), above.end(), path.begin(), path.end()).first == above.end();
    });
}

void require_lasting_disk(Deployment& deployment, const cli::Command& command, const settings::Values& inputs,
                          operation::Reporter& reporter) {
    if (!command.disk_use) return;
    const auto use = command.disk_use(inputs);
    if (!use) return;
    const auto folders = use->place.empty() ? std::vector<std::string>() : lasting_folders(deployment);
    if (!folders) {
        reporter.log(
            operation::Level::warn,
            fmt::format("Whether {} is on a file system that the task definition mounts is not known: "
                        "you may not look at it; the task's own disk ends with the task",
                        use->place));
        return;
    }
    if (is_lasting(use->place, *folders)) return;
    throw RefusedError(
        fmt::format("{} would be {} the disk of the task, which is new and ends with it", use->what,
                    use->place.empty() ? std::string("on") : fmt::format("at {} on", use->place)),
        fmt::format(
            "Name a place in S3 (s3://BUCKET/…), or a folder on EFS that the task definition mounts.{}{}",
            use->hint.empty() ? "" : " ", use->hint));
}

}  // namespace tti::ecs
