#include <array>
#include <chrono>

#include "lorawan/mutex.hpp"
#include "util/random.hpp"

namespace tti::lorawan {

// 48 bits of milliseconds since 1970 and 80 random bits, five bits a character.
std::string make_ulid() {
    constexpr std::string_view digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    constexpr std::size_t time_digits = 10;
    constexpr std::size_t random_digits = 16;
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    auto time =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
    std::string text(time_digits + random_digits, '0');
    for (std::size_t digit = time_digits; digit-- > 0; time >>= 5U) {
        text[digit] = digits[time & 31U];
    }
    // A byte for each digit, of which five bits count.
    const auto random = util::random_bytes(random_digits);
    for (std::size_t digit = 0; digit < random_digits; ++digit) {
        text[time_digits + digit] = digits[random[digit] & 31U];
    }
    return text;
}

}  // namespace tti::lorawan
