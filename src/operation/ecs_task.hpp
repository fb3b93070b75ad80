#pragma once

#include <string>

namespace tti::operation {

// The ARN of the ECS task that this process runs in, from the metadata service of its container, whose
// address is ECS_CONTAINER_METADATA_URI_V4. Where that does not answer within a second, the end of the
// address, which begins with the task's ID. Source: Amazon ECS, "Task metadata endpoint version 4".
std::string ask_for_task(const std::string& metadata_address);

// How to look at what a task does: a sentence; empty where it is none that can be looked at.
std::string how_to_look_at(const std::string& task);

}  // namespace tti::operation
