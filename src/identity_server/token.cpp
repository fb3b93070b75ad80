#include "identity_server/token.hpp"

#include "util/base32.hpp"
#include "util/random.hpp"

namespace tti::identity_server {
namespace {

constexpr const char* api_key_prefix = "NNSXS";  // base32 of "key"
constexpr std::size_t id_bytes = 24;
constexpr std::size_t key_bytes = 32;

}  // namespace

Token generate_api_key() {
    Token token{util::base32(util::random_bytes(id_bytes)), generate_key(), {}};
    token.text = Secret(std::string(api_key_prefix) + "." + token.id + "." + token.key.reveal());
    return token;
}

Secret generate_key() {
    return Secret(util::base32(util::random_bytes(key_bytes)));
}

}  // namespace tti::identity_server
