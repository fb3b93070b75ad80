#pragma once

#include <string_view>

namespace tti::identity_server {

// Whether a lower-case password is one of those that everybody tries first.
bool is_common_password(std::string_view lower_case);

}  // namespace tti::identity_server
