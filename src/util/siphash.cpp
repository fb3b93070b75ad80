#include "util/siphash.hpp"

#include <bit>
#include <cstring>

#include "util/random.hpp"

namespace tti::util {
namespace {

struct State {
    std::uint64_t a;
    std::uint64_t b;
    std::uint64_t c;
    std::uint64_t d;

    void round() {
        a += b;
        b = std::rotl(b, 13) ^ a;
        a = std::rotl(a, 32);
        c += d;
        d = std::rotl(d, 16) ^ c;
        a += d;
        d = std::rotl(d, 21) ^ a;
        c += b;
        b = std::rotl(b, 17) ^ c;
        c = std::rotl(c, 32);
    }
    void take(std::uint64_t word) {
        d ^= word;
        round();
        round();
        a ^= word;
    }
};

// Little endian, as the algorithm reads its input.
std::uint64_t word(std::string_view bytes) {
    std::uint64_t value = 0;
    for (std::size_t place = 0; place < bytes.size(); ++place) {
        value |= std::uint64_t{static_cast<unsigned char>(bytes[place])} << (8 * place);
    }
    return value;
}

}  // namespace

std::uint64_t siphash(const SipHashKey& key, std::string_view text) {
    constexpr std::size_t word_size = 8;
    State state{key[0] ^ 0x736f6d6570736575ULL, key[1] ^ 0x646f72616e646f6dULL,
                key[0] ^ 0x6c7967656e657261ULL, key[1] ^ 0x7465646279746573ULL};
    const auto length = std::uint64_t{text.size()} << 56U;
    for (; text.size() >= word_size; text.remove_prefix(word_size))
        state.take(word(text.substr(0, word_size)));
    state.take(word(text) | length);
    state.c ^= 0xff;
    for (int times = 0; times < 4; ++times) state.round();
    return state.a ^ state.b ^ state.c ^ state.d;
}

SipHashKey random_siphash_key() {
    SipHashKey key{};
    const auto bytes = random_bytes(sizeof(key));
    std::memcpy(key.data(), bytes.data(), sizeof(key));
    return key;
}

}  // namespace tti::util
