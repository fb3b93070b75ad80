#include "local/unix_socket.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <string>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace tti::local {

int connect_unix(const std::filesystem::path& path) {
    const auto& name = path.native();
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (name.size() >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    std::ranges::copy(name, std::begin(address.sun_path));
    const int connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(connection, std::bit_cast<const sockaddr*>(&address), sizeof address) == 0) {
        return connection;
    }
    const int error = errno;
    close(connection);
    errno = error;
    return -1;
}

bool answers(const std::filesystem::path& path) {
    const int connection = connect_unix(path);
    if (connection >= 0) {
        close(connection);
    }
    return connection >= 0;
}

}  // namespace tti::local
