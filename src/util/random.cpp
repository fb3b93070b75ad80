#include "util/random.hpp"

#include <openssl/rand.h>

#include "util/error.hpp"

namespace tti::util {

std::vector<std::uint8_t> random_bytes(std::size_t count) {
    std::vector<std::uint8_t> bytes(count);
    if (RAND_bytes(bytes.data(), static_cast<int>(count)) != 1) {
        throw Error(ExitCode::unexpected, "the system has no randomness to make a secret from",
                    "Check that /dev/urandom exists and can be read.");
    }
    return bytes;
}

}  // namespace tti::util
