#pragma once

#include <cstdint>
#include <string_view>

#include "settings/values.hpp"
#include "util/expected.hpp"
#include "util/secret.hpp"

namespace tti::identity_server {

// is.user-registration.password-requirements.*
struct PasswordRequirements {
    std::int64_t min_length = 8;     // bytes
    std::int64_t max_length = 1000;  // bytes
    std::int64_t min_uppercase = 1;
    std::int64_t min_digits = 1;
    std::int64_t min_special = 0;  // characters that are neither letters nor numbers
    bool reject_user_id = true;
    bool reject_common = false;
};

// The settings' names, in the order of the fields.
std::vector<std::string> password_requirement_settings();
PasswordRequirements password_requirements(const settings::Values& values);

// Checks in the stack's order; a failure states the first rule that is broken, and its setting.
Expected<void> check_password(const Secret& password, std::string_view user_id,
                              const PasswordRequirements& requirements);
// What holds even where the policy is lifted: not empty, UTF-8, at most 1000 characters.
Expected<void> check_password_form(const Secret& password);

}  // namespace tti::identity_server
