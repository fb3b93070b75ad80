#pragma once

#include <map>
#include <string>

namespace tti::aws {

// The variables of a run, handed in from above.
using Environment = std::map<std::string, std::string>;

// Empty where it is not set; AWS's tools take an empty variable for one that is not set.
std::string variable(const Environment& environment, const std::string& name);

// "true" in any case.
bool switched_on(const Environment& environment, const std::string& name);

}  // namespace tti::aws
