#pragma once

#include <string>

#include "redis/channel.hpp"
#include "util/secret.hpp"

namespace tti::redis {

// AUTH, where there is a password. Throws ServerError; `place` names the server in it.
void log_in(Channel& channel, const std::string& user_name, const Secret& password, const std::string& place);

}  // namespace tti::redis
