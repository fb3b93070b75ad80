#include "local/password.hpp"

#include <array>
#include <string>
#include <string_view>

#include <openssl/rand.h>

#include "util/error.hpp"

namespace tti::local {
namespace {

constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz234567";
constexpr unsigned bits_per_letter = 5;

}  // namespace

Secret generate_password() {
    std::array<unsigned char, 32> bytes{};
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        throw Error(ExitCode::unexpected, "the system gave no random bytes for a password");
    }
    std::string text;
    unsigned pending = 0;
    unsigned bits = 0;
    for (const unsigned char byte : bytes) {
        pending = (pending << 8U) | byte;
        bits += 8;
        while (bits >= bits_per_letter) {
            bits -= bits_per_letter;
            text += alphabet[(pending >> bits) & 31U];
        }
    }
    text += alphabet[(pending << (bits_per_letter - bits)) & 31U];
    return Secret(std::move(text));
}

}  // namespace tti::local
