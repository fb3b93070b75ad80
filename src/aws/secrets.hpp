#pragma once

#include <string>
#include <vector>

#include "aws/service.hpp"
#include "aws/session.hpp"
#include "util/secret.hpp"

namespace tti::aws {

// The whole value; binary ones are no text and are refused. `name` is a name or an ARN.
Secret get_secret_value(Service& secretsmanager, const std::string& name);
// Decrypted.
Secret get_parameter(Service& ssm, const std::string& name);

// Whether there is such a secret, by name or ARN, without asking for its value. One that is to be deleted
// gives no value any more, so it is not there.
bool has_secret(Service& secretsmanager, const std::string& name);
// Those of the parameters, names or ARNs, that are not there; their values are not asked for.
std::vector<std::string> missing_parameters(Service& ssm, const std::vector<std::string>& names);

// Whether the text is "secretsmanager:…" or "ssm:…".
bool is_secret_reference(const std::string& reference);

// What "secretsmanager:NAME", "secretsmanager:NAME#FIELD" (a field of a value in JSON) or "ssm:NAME" points
// to. Throws UsageError for what is no such reference, and for a field that is not there; the value is in no
// message.
Secret read_secret_reference(Session& session, const std::string& reference);

}  // namespace tti::aws
