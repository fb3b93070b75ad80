#pragma once

#include <string>

namespace tti::ecs {

// Pages of the AWS Console. Empty for regions whose Console is not known here.
std::string task_link(const std::string& region, const std::string& cluster, const std::string& task_id);
std::string log_link(const std::string& region, const std::string& group, const std::string& stream);

}  // namespace tti::ecs
