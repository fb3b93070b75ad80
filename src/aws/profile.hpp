#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/surroundings.hpp"
#include "util/expected.hpp"

namespace tti::aws {

// Settings of one section; names in lower case. A nested one is "s3.endpoint_url".
using Section = std::map<std::string, std::string>;
// By what stands between the brackets.
using Sections = std::map<std::string, Section>;

// As AWS's tools read it: "#" and ";" begin a line of comment, an indented line belongs to the one before.
Expected<Sections> parse_sections(std::string_view text);

// The shared files: ~/.aws/config and ~/.aws/credentials, or those that AWS_CONFIG_FILE and
// AWS_SHARED_CREDENTIALS_FILE name. A file that is not there is empty. What credentials say goes first.
class Profiles {
  public:
    explicit Profiles(const Surroundings& surroundings);

    [[nodiscard]] bool has(const std::string& name) const { return profiles_.contains(name); }
    // Empty where there is none of that name.
    [[nodiscard]] Section profile(const std::string& name) const;
    [[nodiscard]] Section services(const std::string& name) const;
    [[nodiscard]] std::vector<std::string> names() const;

  private:
    Sections profiles_;
    Sections services_;
};

// The value; empty where it is missing.
std::string value_of(const Section& section, const std::string& name);

// AWS_PROFILE, AWS_DEFAULT_PROFILE, "default".
std::string profile_name(const Environment& environment);

}  // namespace tti::aws
