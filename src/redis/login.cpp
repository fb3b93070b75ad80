#include "redis/login.hpp"

#include "redis/error.hpp"

namespace tti::redis {

void log_in(Channel& channel, const std::string& user_name, const Secret& password,
            const std::string& place) {
    if (password.empty()) {
        return;
    }
    Commands command;
    if (user_name.empty()) {
        command.add("AUTH", password.reveal());
    } else {
        command.add("AUTH", user_name, password.reveal());
    }
    const Reply reply = channel.single(command);
    command.wipe();
    if (reply->is_error()) {
        throw server_error(reply->error(), "AUTH", place);
    }
}

}  // namespace tti::redis
