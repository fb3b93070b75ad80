#include "identity_server/password_hash.hpp"

#include <charconv>
#include <cstdint>
#include <vector>

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <strings.h>

#include "util/base64.hpp"
#include "util/error.hpp"
#include "util/random.hpp"

namespace tti::identity_server {
namespace {

struct Parameters {
    const EVP_MD* digest = nullptr;
    int iterations = 0;
    std::string_view salt;  // its characters are the salt, not what they encode
    std::size_t length = 0;
};

std::string derive(const Secret& plain, const Parameters& parameters) {
    std::vector<std::uint8_t> key(parameters.length);
    std::vector<std::uint8_t> salt(parameters.salt.begin(), parameters.salt.end());
    const int done = PKCS5_PBKDF2_HMAC(plain.reveal().data(), static_cast<int>(plain.size()), salt.data(),
                                       static_cast<int>(salt.size()), parameters.iterations,
                                       parameters.digest, static_cast<int>(key.size()), key.data());
    if (done != 1) {
        throw Error(ExitCode::unexpected, "OpenSSL could not derive a key with PBKDF2");
    }
    return util::base64_url(key);
}

std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> parts;
    for (std::size_t end = text.find('$'); end != std::string_view::npos; end = text.find('$')) {
        parts.push_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    parts.push_back(text);
    return parts;
}

Expected<Parameters> parse(const std::vector<std::string_view>& parts) {
    if (parts.size() < 2 || strcasecmp(std::string(parts[0]).c_str(), "PBKDF2") != 0) {
        return unexpected("is not a PBKDF2 hash");
    }
    if (parts.size() != 5) {
        return unexpected("is not of the form PBKDF2$algorithm$iterations$salt$hash");
    }
    const EVP_MD* digest = parts[1] == "sha256"   ? EVP_sha256()
                           : parts[1] == "sha512" ? EVP_sha512()
                                                  : nullptr;
    int iterations = 0;
    const auto [end, error] = std::from_chars(parts[2].data(), parts[2].data() + parts[2].size(), iterations);
    const auto key = util::parse_base64_url(parts[4]);
    if (digest == nullptr || error != std::errc{} || end != parts[2].data() + parts[2].size() ||
        iterations < 1 || !key || key->empty()) {
        return unexpected("has a PBKDF2 parameter that this program does not know");
    }
    return Parameters{digest, iterations, parts[3], key->size()};
}

}  // namespace

std::string hash_password(const Secret& plain, int iterations) {
    const std::string salt = util::base64_url(util::random_bytes(12));
    const std::string key = derive(plain, {EVP_sha256(), iterations, salt, 32});
    return fmt::format("PBKDF2$sha256${}${}${}", iterations, salt, key);
}

Expected<bool> verify_password(const Secret& plain, std::string_view stored) {
    const auto parts = split(stored);
    const auto parameters = parse(parts);
    if (!parameters) {
        return unexpected(parameters.error());
    }
    const std::string key = derive(plain, *parameters);
    return key.size() == parts[4].size() && CRYPTO_memcmp(key.data(), parts[4].data(), key.size()) == 0;
}

}  // namespace tti::identity_server
