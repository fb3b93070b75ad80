#include "ecs/judge.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "ecs/forms.hpp"
#include "util/text.hpp"

namespace tti::ecs {
namespace {

using nlohmann::json;

constexpr std::string_view ecs_tasks = "ecs-tasks.amazonaws.com";

bool holds(const json& value, std::string_view text) {
    if (value.is_string()) return value.get_ref<const std::string&>() == text;
    return value.is_array() &&
           std::any_of(value.begin(), value.end(), [text](const json& item) { return item == text; });
}

bool lets_ecs_assume(const std::string& trust) {
    const auto policy = json::parse(trust, nullptr, false);
    if (!policy.is_object() || !policy.contains("Statement")) return false;
    const auto& statements = policy.at("Statement");
    const auto allows = [](const json& statement) {
        return statement.is_object() && statement.value("Effect", json()) == "Allow" &&
               statement.contains("Principal") && statement.at("Principal").is_object() &&
               holds(statement.at("Principal").value("Service", json()), ecs_tasks);
    };
    return statements.is_array() ? std::any_of(statements.begin(), statements.end(), allows)
                                 : allows(statements);
}

struct ImageName {
    std::string repository;
    std::string tag;
    bool by_digest = false;
};

ImageName parse_image(const std::string& image) {
    if (const auto digest = image.find('@'); digest != std::string::npos) {
        return {image.substr(0, digest), "", true};
    }
    const auto colon = image.rfind(':');
    const bool is_port = colon != std::string::npos && image.find('/', colon) != std::string::npos;
    if (colon == std::string::npos || is_port) return {image, "", false};
    return {image.substr(0, colon), image.substr(colon + 1), false};
}

// "3.36.1" or "3.36.1-aws": three numbers, whatever comes behind.
bool names_one_version(std::string_view tag) {
    const auto numbers = util::split(tag.substr(0, tag.find('-')), '.');
    constexpr std::size_t count = 3;
    return numbers.size() == count && std::ranges::all_of(numbers, [](const std::string& number) {
               return !number.empty() && number.find_first_not_of("0123456789") == std::string::npos;
           });
}

template <typename Of>
std::string names(std::span<const Of> all) {
    std::vector<std::string> ids;
    for (const auto& one : all) ids.push_back(one.id);
    return util::join(ids, ", ");
}

std::set<std::string> networks(std::span<const aws::Subnet> subnets) {
    std::set<std::string> all;
    for (const auto& subnet : subnets) all.insert(subnet.network);
    return all;
}

std::string in_words(const aws::TaskDefinition& definition) {
    return fmt::format("{}:{}", definition.family, definition.revision);
}

}  // namespace

std::string_view describe(Verdict verdict) {
    switch (verdict) {
        case Verdict::ok:
            return "ok";
        case Verdict::warning:
            return "warning";
        case Verdict::problem:
            return "problem";
        case Verdict::unknown:
            return "not known";
    }
    return "not known";
}

Check judge_stack(const aws::Stack& stack) {
    Check check{.topic = "stack", .evidence = fmt::format("{} is {}", stack.name, stack.status)};
    if (!stack.status_reason.empty()) check.evidence += ": " + stack.status_reason;
    if (stack.status.ends_with("_IN_PROGRESS")) {
        check.verdict = Verdict::warning;
        check.hint = "Wait until its update has ended: what it names may change.";
    } else if (stack.status.ends_with("_FAILED") || stack.status == "ROLLBACK_COMPLETE") {
        check.verdict = Verdict::problem;
        check.hint = "Look at its events in CloudFormation, and bring it in order before anything else.";
    } else if (stack.status == "UPDATE_ROLLBACK_COMPLETE") {
        check.verdict = Verdict::warning;
        check.hint = "Its last update failed and was taken back; look at its events in CloudFormation.";
    }
    return check;
}

Check judge_cluster(const std::string& name, const std::string& status) {
    if (status == "ACTIVE") return {.topic = "cluster", .evidence = name + " is ACTIVE"};
    return {.topic = "cluster",
            .verdict = Verdict::problem,
            .evidence = status.empty() ? fmt::format("there is no cluster {}", name)
                                       : fmt::format("{} is {}", name, status),
            .hint = "Tasks run in an ACTIVE cluster alone; it comes from template 5-1-ecs-cluster."};
}

Check judge_definition(const aws::TaskDefinition& definition) {
    Check check{.topic = "task definition",
                .evidence = fmt::format("{} is {}", in_words(definition), definition.status)};
    const auto& kinds = definition.compatibilities;
    if (definition.status != "ACTIVE") {
        check.verdict = Verdict::problem;
        check.hint = "It was deregistered; update the stack made from template 5-2-ecs-ops.";
    } else if (std::ranges::find(kinds, "FARGATE") == kinds.end()) {
        check.verdict = Verdict::problem;
        check.evidence +=
            fmt::format(" and made for {}", kinds.empty() ? "nothing" : util::join(kinds, ", "));
        check.hint = "Operations tasks run on Fargate; its requiresCompatibilities has to name FARGATE.";
    } else {
        check.evidence += " and made for FARGATE";
    }
    return check;
}

Check judge_revision(const aws::TaskDefinition& named, const aws::TaskDefinition& newest) {
    if (newest.revision <= named.revision) {
        return {.topic = "revision", .evidence = fmt::format("{} is the newest", in_words(named))};
    }
    return {.topic = "revision",
            .verdict = Verdict::warning,
            .evidence = fmt::format("{} would run, and {} is newer", in_words(named), in_words(newest)),
            .hint = fmt::format("Update the stack made from template 5-2-ecs-ops, or name the newer one with "
                                "--ecs-arguments \"{} …\".",
                                in_words(newest))};
}

const aws::ContainerDefinition* operations_container(const aws::TaskDefinition& definition) {
    const auto found =
        std::ranges::find(definition.containers, container_name, &aws::ContainerDefinition::name);
    return found == definition.containers.end() ? nullptr : &*found;
}

Check judge_container(const aws::TaskDefinition& definition) {
    const auto* container = operations_container(definition);
    if (container == nullptr) {
        std::vector<std::string> there;
        for (const auto& other : definition.containers) there.push_back(other.name);
        return {.topic = "container",
                .verdict = Verdict::problem,
                .evidence = fmt::format("there is no container {} among: {}", container_name,
                                        util::join(there, ", ")),
                .hint = "The command replaces that of this container; is it the operations task?"};
    }
    return {.topic = "container",
            .evidence = fmt::format("{} has {} s between SIGTERM and SIGKILL", container_name,
                                    container->stop_timeout)};
}

Check judge_image(const std::string& image) {
    const auto name = parse_image(image);
    Check check{.topic = "image", .evidence = image};
    if (name.by_digest) return check;
    if (!names_one_version(name.tag)) {
        check.verdict = Verdict::warning;
        check.hint =
            fmt::format("{} moves: the next task may run another version; name one such as 3.36.1-aws.",
                        name.tag.empty() ? "An image without a tag" : "Tag " + name.tag);
    } else if (name.repository.ends_with("thethingsindustries/lorawan-stack") &&
               !name.tag.ends_with("-aws")) {
        check.verdict = Verdict::warning;
        check.hint = fmt::format("The image for AWS is {}:{}-aws.", name.repository, name.tag);
    }
    return check;
}

Check judge_role(const std::string& topic, const aws::Role& role) {
    if (lets_ecs_assume(role.trust)) return {.topic = topic, .evidence = role.arn};
    return {.topic = topic,
            .verdict = Verdict::problem,
            .evidence = fmt::format("{} may not be assumed by {}", role.arn, ecs_tasks),
            .hint = "Its trust policy has to allow sts:AssumeRole to that service."};
}

Check judge_subnets(std::span<const aws::Subnet> subnets) {
    const auto all = networks(subnets);
    if (all.size() != 1) {
        return {
            .topic = "subnets",
            .verdict = Verdict::problem,
            .evidence = fmt::format("{} are in different networks: {}", names(subnets),
                                    util::join(std::vector(all.begin(), all.end()), ", ")),
            .hint = "Both have to be those of the deployment's VPC; see the outputs of template 1-1-vpc."};
    }
    for (const auto& subnet : subnets) {
        if (subnet.free_addresses > 0) continue;
        return {.topic = "subnets",
                .verdict = Verdict::warning,
                .evidence = fmt::format("{} has no free address", subnet.id),
                .hint = "A task that is placed there does not start; end what is not needed there."};
    }
    return {.topic = "subnets", .evidence = fmt::format("{} are in {}", names(subnets), *all.begin())};
}

Check judge_security_group(std::span<const aws::SecurityGroup> groups, std::span<const aws::Subnet> subnets) {
    const auto known = networks(subnets);
    for (const auto& group : groups) {
        if (known.empty())
            return {.topic = "security group", .evidence = group.id + " is in " + group.network};
        if (known.contains(group.network)) continue;
        return {.topic = "security group",
                .verdict = Verdict::problem,
                .evidence = fmt::format("{} is in {}, and the subnets are not", group.id, group.network),
                .hint = "It has to be of the same network; template 3-1-security-group-rules has its rules."};
    }
    return {.topic = "security group", .evidence = fmt::format("{} is in the same network", names(groups))};
}

Check judge_decisions(const std::string& topic, const std::string& who,
                      std::span<const aws::Decision> decisions, const std::string& hint) {
    std::set<std::string> allowed;
    std::set<std::string> refused;
    for (const auto& decision : decisions) (decision.allowed ? allowed : refused).insert(decision.action);
    const auto joined = [](const std::set<std::string>& actions) {
        return util::join(std::vector(actions.begin(), actions.end()), ", ");
    };
    if (refused.empty()) {
        return {.topic = topic, .evidence = fmt::format("{} may {}", who, joined(allowed))};
    }
    return {.topic = topic,
            .verdict = Verdict::problem,
            .evidence = fmt::format("{} may not {}", who, joined(refused)),
            .hint = hint};
}

}  // namespace tti::ecs
