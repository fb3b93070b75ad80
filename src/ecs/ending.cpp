#include "ecs/ending.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "ecs/forms.hpp"
#include "util/text.hpp"

namespace tti::ecs {
namespace {

constexpr auto verify_hint =
    "tti-lw-stack ecs verify looks at image, roles, secrets and network of the task definition.";

// What AWS's reasons come down to. The first row counts of which every word is in the reason, in lower case.
// Source: Amazon ECS, "Stopped task error messages" and "API failure reasons".
struct Reason {
    std::array<std::string_view, 2> words;
    std::string_view what;
    std::string_view hint;
};
constexpr std::array reasons{
    Reason{{"failed to validate logger args", ""},
           "its log cannot be written",
           "Look whether the log group of the task definition exists, and whether its execution role may "
           "write there"},
    Reason{{"there is a connection issue", ""},
           "its subnets do not reach AWS",
           "Look at the NAT gateway or the VPC endpoints of the subnets, and at the security group"},
    Reason{{"unable to pull secrets", "i/o timeout"},
           "its subnets do not reach AWS",
           "Look at the NAT gateway or the VPC endpoints of the subnets, and at the security group"},
    Reason{{"secret", "resourceinitializationerror"},
           "a secret or parameter of its definition cannot be read",
           "Look whether it exists, and whether the execution role may read it"},
    Reason{{"parameter", "resourceinitializationerror"},
           "a secret or parameter of its definition cannot be read",
           "Look whether it exists, and whether the execution role may read it"},
    Reason{{"cannotpull", "timeout"},
           "its image cannot be pulled, as its subnets do not reach the registry",
           "Look at the NAT gateway or the VPC endpoints of the subnets, and at the security group"},
    Reason{{"cannotpull", ""},
           "its image cannot be pulled",
           "Look at the parameter Ops Image of template 5-2-ecs-ops, and whether the execution role may pull "
           "it"},
    Reason{
        {"unable to assume the role", ""},
        "its role cannot be assumed",
        "Look whether the role trusts ecs-tasks.amazonaws.com, and whether you may pass it (iam:PassRole)"},
    Reason{{"iam:passrole", ""},
           "you may not pass its roles to it",
           "The caller needs the permission iam:PassRole for the task role and the execution role"},
    Reason{{"network interface", ""},
           "its network interface was not made in time",
           "Look at https://health.aws.amazon.com and run the same command again"},
    Reason{{"eni", "resource:"},
           "no network interface is left for it",
           "Look at the free addresses of the subnets, and run the same command again"},
    Reason{{"capacity", ""},
           "AWS has no capacity for it at the moment",
           "Run the same command again in some minutes"},
    Reason{{"exec format error", ""},
           "its image is made for another processor",
           "Look at the runtime platform of the task definition, and at the parameter Ops Image"},
    Reason{{"executable file not found", ""},
           "its image does not have the program",
           "Look at the parameter Ops Image of template 5-2-ecs-ops"},
    Reason{{"cannotstartcontainer", ""}, "its container cannot be started", "Look at the task definition"},
};

bool fits(const Reason& reason, const std::string& text) {
    return std::ranges::all_of(
        reason.words, [&text](std::string_view word) { return text.find(word) != std::string::npos; });
}

// "what (AWS: its words)", and the hint.
Error never_started(const std::string& subject, const std::string& text) {
    const auto lower = util::lower(text);
    const auto* reason =
        std::ranges::find_if(reasons, [&lower](const Reason& one) { return fits(one, lower); });
    const auto words = text.empty() ? std::string("AWS gives no reason") : "AWS: " + text;
    if (reason == reasons.end()) {
        return {ExitCode::never_started, fmt::format("{} never started ({})", subject, words), verify_hint};
    }
    return {ExitCode::never_started, fmt::format("{} never started: {} ({})", subject, reason->what, words),
            fmt::format("{}. {}", reason->hint, verify_hint)};
}

const aws::TaskContainer* container_of(const aws::Task& task) {
    const auto found = std::ranges::find(task.containers, container_name, &aws::TaskContainer::name);
    return found == task.containers.end() ? nullptr : &*found;
}

std::string why(const aws::Task& task) {
    const auto* container = container_of(task);
    const auto of_container = container == nullptr ? std::string() : container->reason;
    if (of_container.empty() || task.stopped_reason.find(of_container) != std::string::npos) {
        return task.stopped_reason;
    }
    return task.stopped_reason.empty() ? of_container : task.stopped_reason + "; " + of_container;
}

bool was_asked_to_stop(const aws::Task& task) {
    return task.stop_code == "UserInitiated";
}

// A container that a signal ended has 128 and its number as exit code; 1 to 31 are the signals of old.
std::optional<Error> killed(const aws::Task& task, int code) {
    constexpr int signalled = 128;
    constexpr int last_signal = 31;
    constexpr int kill = 9;
    if (code <= signalled || code > signalled + last_signal) return std::nullopt;
    // Ctrl-C's, which the command honours at a safe point and has told of itself.
    if (static_cast<ExitCode>(code) == ExitCode::interrupted) return std::nullopt;
    const auto exit_code = static_cast<ExitCode>(code);
    if (util::lower(why(task)).find("outofmemory") != std::string::npos) {
        return Error(exit_code,
                     fmt::format("task {} needed more memory than it has and was killed (AWS: {})", task.id(),
                                 why(task)),
                     "Give the task definition more memory; the same command continues where it was killed.");
    }
    if (code == signalled + kill && was_asked_to_stop(task)) {
        return Error(exit_code,
                     fmt::format("task {} did not end within its stop time-out and was killed", task.id()),
                     "The same command continues where it was killed.");
    }
    return Error(exit_code,
                 fmt::format("the command was ended by signal {} (AWS: {})", code - signalled, why(task)),
                 "The same command continues where it was ended.");
}

Ending without_code(const aws::Task& task) {
    const auto subject = fmt::format("task {}", task.id());
    if (was_asked_to_stop(task) && !task.started_at) {
        return {ExitCode::interrupted, Error(ExitCode::interrupted,
                                             fmt::format("{} was stopped before its command began ({})",
                                                         subject, task.stopped_reason),
                                             "Nothing was changed; run the same command again.")};
    }
    if (!task.started_at || task.stop_code == "TaskFailedToStart") {
        return {ExitCode::never_started, never_started(subject, why(task))};
    }
    return {ExitCode::unexpected,
            Error(ExitCode::unexpected,
                  fmt::format("{} ended without an exit code ({}: {})", subject,
                              task.stop_code.empty() ? "no stop code" : task.stop_code, why(task)),
                  "Whether the command was done is not known; the same command continues where it ended.")};
}

}  // namespace

bool is_over(const aws::Task& task) {
    const auto* container = container_of(task);
    return task.last_status == "STOPPED" || (container != nullptr && container->exit_code.has_value());
}

Ending ending_of(const aws::Task& task, std::optional<ExitCode> told_code) {
    const auto* container = container_of(task);
    if (container != nullptr && container->exit_code) {
        return {static_cast<ExitCode>(*container->exit_code), killed(task, *container->exit_code)};
    }
    if (told_code) return {*told_code, std::nullopt};
    return without_code(task);
}

Error refusal_to_start(const Error& error) {
    const std::string text = error.what();
    const auto lower = util::lower(text);
    const bool is_known =
        std::ranges::any_of(reasons, [&lower](const Reason& one) { return fits(one, lower); });
    if (is_known) return never_started("the task", text);
    return {ExitCode::never_started, "the task never started: " + text,
            error.hint().empty() ? verify_hint : error.hint()};
}

}  // namespace tti::ecs
