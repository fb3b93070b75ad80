#pragma once

#include <string_view>

#include "util/expected.hpp"

namespace tti::setup {

// A host name alone: the redirect URIs of the clients are made of it.
Expected<void> check_domain(std::string_view domain);

// A part of the name of a secret, an ID and a stack: "eu1".
Expected<void> check_name_part(std::string_view part);

// Where a secret is: env:NAME, file:PATH, secretsmanager:NAME#FIELD or ssm:NAME. The text is never in the
// failure. Standard input is none: it could be read once only.
Expected<void> check_reference(std::string_view reference);

}  // namespace tti::setup
