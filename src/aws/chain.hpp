#pragma once

#include <functional>
#include <memory>

#include "aws/credentials.hpp"
#include "aws/profile.hpp"
#include "aws/service.hpp"
#include "aws/surroundings.hpp"

namespace tti::aws {

// Makes the service STS, which roles are asked for from; signed with the given credentials, if any.
using StsMaker = std::function<std::unique_ptr<Service>(CredentialCache*)>;

// Finds credentials in the order of AWS's tools: variables; the profile (a role by another profile or a
// credential_source, a web identity, keys of the credentials file, a program, keys of the config file);
// a web identity by variables; the container; the instance. Throws UsageError for what is half given, or
// needs a person (single sign-on, a code of a device).
std::unique_ptr<CredentialSource> find_credentials(const Surroundings& surroundings, const Profiles& profiles,
                                                   const StsMaker& make_sts);

}  // namespace tti::aws
