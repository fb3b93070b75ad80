#pragma once

#include <span>
#include <string>
#include <vector>

#include "aws/cloudformation.hpp"
#include "aws/ec2.hpp"
#include "aws/ecs.hpp"
#include "aws/iam.hpp"
#include "ecs/check.hpp"

// What is to be thought of what AWS says. Asks for nothing.
namespace tti::ecs {

// Whether it is at rest and in order. Source: CloudFormation, "Stack status codes".
Check judge_stack(const aws::Stack& stack);
Check judge_cluster(const std::string& name, const std::string& status);

// Whether it can be run on Fargate; what is wrong with the container is judged apart.
Check judge_definition(const aws::TaskDefinition& definition);
// `named` is what a task runs, `newest` the family's newest.
Check judge_revision(const aws::TaskDefinition& named, const aws::TaskDefinition& newest);
// None: nullptr.
const aws::ContainerDefinition* operations_container(const aws::TaskDefinition& definition);
Check judge_container(const aws::TaskDefinition& definition);
// A tag that moves means another image tomorrow. Source: "use 3.x.y-aws, not 3.x" of the stack's manual.
Check judge_image(const std::string& image);

// "execution role" or "task role", which ECS tasks have to be allowed to assume.
Check judge_role(const std::string& topic, const aws::Role& role);

Check judge_subnets(std::span<const aws::Subnet> subnets);
// Without subnets, whether it is there.
Check judge_security_group(std::span<const aws::SecurityGroup> groups, std::span<const aws::Subnet> subnets);

// Decisions by IAM's simulation; `who` needs what is refused.
Check judge_decisions(const std::string& topic, const std::string& who,
                      std::span<const aws::Decision> decisions, const std::string& hint);

}  // namespace tti::ecs
