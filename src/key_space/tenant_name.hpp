#pragma once

#include <string_view>

namespace tti::key_space {

// A tenant of such an ID would have its keys where the default tenant has those of a server.
bool is_name_of_a_server(std::string_view tenant_id);

}  // namespace tti::key_space
