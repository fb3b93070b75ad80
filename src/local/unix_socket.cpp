#include "local/unix_socket.hpp"

#include <algorithm>
#include <bit>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tti::local {

bool answers(const std::filesystem::path& path) {
    const auto& name = path.native();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (name.size() >= sizeof address.sun_path) {
        return false;
    }
    std::ranges::copy(name, std::begin(address.sun_path));
    const int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool connected = connect(connection, std::bit_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(connection);
    return connected;
}

}  // namespace tti::local
