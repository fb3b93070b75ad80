#include "aws/environment.hpp"

#include "util/text.hpp"

namespace tti::aws {

std::string variable(const Environment& environment, const std::string& name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
}

bool switched_on(const Environment& environment, const std::string& name) {
    return util::lower(variable(environment, name)) == "true";
}

}  // namespace tti::aws
