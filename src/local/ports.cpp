#include "local/ports.hpp"

#include <bit>
#include <random>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "util/error.hpp"

namespace tti::local {
namespace {

constexpr int first_port = 20000;
constexpr int last_port = 29999;

}  // namespace

bool port_is_free(int port) {
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    // As servers do: connections of an earlier server that linger in TIME_WAIT do not count.
    const int yes = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool free = bind(listener, std::bit_cast<const sockaddr*>(&address), sizeof address) == 0 &&
                      listen(listener, 1) == 0;
    close(listener);
    return free;
}

int choose_port() {
    std::random_device random;
    std::uniform_int_distribution<int> distribution(first_port, last_port);
    for (int attempt = 0; attempt < 100; ++attempt) {
        if (const int port = distribution(random); port_is_free(port)) {
            return port;
        }
    }
    throw Error(ExitCode::unexpected, "found no free port on 127.0.0.1 between 20000 and 29999");
}

}  // namespace tti::local
