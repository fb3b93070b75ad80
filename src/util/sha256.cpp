#include "util/sha256.hpp"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace tti::util {
namespace {

// OpenSSL takes bytes as unsigned characters.
const unsigned char* unsigned_bytes(std::string_view bytes) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): of characters to characters
    return reinterpret_cast<const unsigned char*>(bytes.data());
}

using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

}  // namespace

Sha256::Sha256() : context_(EVP_MD_CTX_new(), &EVP_MD_CTX_free) {
    EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr);
}

void Sha256::update(std::string_view bytes) {
    EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size());
}

std::string Sha256::digest() {
    Digest digest{};
    unsigned size = 0;
    EVP_DigestFinal_ex(context_.get(), digest.data(), &size);
    return {digest.begin(), digest.begin() + size};
}

std::string Sha256::hex() {
    return util::hex(digest());
}

std::string sha256(std::string_view bytes) {
    Sha256 hash;
    hash.update(bytes);
    return hash.digest();
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
    Digest digest{};
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), unsigned_bytes(bytes), bytes.size(),
         digest.data(), &size);
    return {digest.begin(), digest.begin() + size};
}

std::string hex(std::string_view bytes) {
    std::string text;
    for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return text;
}

}  // namespace tti::util
