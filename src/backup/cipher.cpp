#include "backup/cipher.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "util/error.hpp"
#include "util/random.hpp"
#include "util/sha256.hpp"

namespace tti::backup {
namespace {

constexpr std::size_t key_bytes = 32;
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t check_bytes = 16;
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t nonce_bytes = 12;
constexpr std::string_view magic = "tti-lw-stack e1\n";
constexpr std::uint64_t most_kdf_memory = std::uint64_t{1} << 30U;

const unsigned char* bytes_of(std::string_view text) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are bytes
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are bytes
    return reinterpret_cast<unsigned char*>(text.data());
}

[[noreturn]] void fail(std::string_view what) {
    throw Error(ExitCode::unexpected, fmt::format("OpenSSL cannot {}", what));
}

std::string random_text(std::size_t size) {
    const auto bytes = util::random_bytes(size);
    return {bytes.begin(), bytes.end()};
}

Expected<Secret> stretch(const Secret& secret, const KeyDerivation& how) {
    // Beyond these, somebody wants our memory or our time.
    const bool sane = how.cost > 1 && (how.cost & (how.cost - 1)) == 0 && how.blocks >= 1 &&
                      how.blocks <= 32 && how.parallel >= 1 && how.parallel <= 16 &&
                      how.cost <= most_kdf_memory / 128 / how.blocks && how.salt.size() == salt_bytes;
    if (!sane) return unexpected("the derivation of the key is not one that this program makes");
    std::string key(key_bytes, '\0');
    const auto& text = secret.reveal();
    if (EVP_PBE_scrypt(text.data(), text.size(), bytes_of(how.salt), how.salt.size(), how.cost, how.blocks,
                       how.parallel, 2 * most_kdf_memory, bytes_of(key), key.size()) != 1) {
        fail("derive a key (scrypt)");
    }
    Secret result{key};
    OPENSSL_cleanse(key.data(), key.size());
    return result;
}

std::string hkdf(const Secret& key, std::string_view use, std::string_view salt, std::size_t size) {
    const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> algorithm(EVP_KDF_fetch(nullptr, "HKDF", nullptr),
                                                                      &EVP_KDF_free);
    const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(EVP_KDF_CTX_new(algorithm.get()),
                                                                            &EVP_KDF_CTX_free);
    std::string digest = "SHA256";
    std::string material = key.reveal();
    std::string info(use);
    std::string extract(salt);
    const std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, material.data(), material.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, extract.data(), extract.size()),
        OSSL_PARAM_construct_end()};
    std::string derived(size, '\0');
    const bool good =
        context != nullptr && EVP_KDF_derive(context.get(), bytes_of(derived), size, parameters.data()) == 1;
    OPENSSL_cleanse(material.data(), material.size());
    if (!good) fail("derive a key (HKDF)");
    return derived;
}

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

CipherContext cipher_context() {
    CipherContext context(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    if (context == nullptr) fail("make a cipher");
    return context;
}

std::array<unsigned char, nonce_bytes> nonce_of(std::uint64_t number, bool last) {
    std::array<unsigned char, nonce_bytes> nonce{};
    for (std::size_t at = 0; at < sizeof number; ++at) {
        nonce.at(nonce_bytes - 2 - at) = static_cast<unsigned char>(number >> (8 * at));
    }
    nonce.back() = last ? 1 : 0;
    return nonce;
}

std::string file_use(const std::string& name) {
    return "file " + name;
}

class EncryptingSink final : public Sink {
  public:
    EncryptingSink(Sink& to, const ArchiveKey& archive, const std::string& name)
        : to_(to), context_(cipher_context()) {
        const auto salt = random_text(salt_bytes);
        key_ = archive.derive(file_use(name), salt);
        to_.write(magic);
        to_.write(salt);
        pending_.reserve(chunk_bytes);
    }

    void write(std::string_view bytes) override {
        while (!bytes.empty()) {
            // A full chunk waits until it is known not to be the last.
            if (pending_.size() == chunk_bytes) put(false);
            const auto portion = bytes.substr(0, chunk_bytes - pending_.size());
            pending_ += portion;
            bytes.remove_prefix(portion.size());
        }
    }

    void finish() override {
        put(true);
        to_.finish();
    }

  private:
    void put(bool last) {
        const auto nonce = nonce_of(number_++, last);
        sealed_.resize(pending_.size() + tag_bytes);
        int size = 0;
        int rest = 0;
        auto* const out = bytes_of(sealed_);
        const bool good =
            EVP_EncryptInit_ex(context_.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key_.reveal()),
                               nonce.data()) == 1 &&
            EVP_EncryptUpdate(context_.get(), out, &size, bytes_of(pending_),
                              static_cast<int>(pending_.size())) == 1 &&
            EVP_EncryptFinal_ex(context_.get(), out + size, &rest) == 1 &&
            EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_GCM_GET_TAG, tag_bytes, out + size + rest) == 1;
        if (!good) fail("encrypt");
        to_.write(sealed_);
        pending_.clear();
    }

    Sink& to_;
    CipherContext context_;
    Secret key_;
    std::string pending_;
    std::string sealed_;
    std::uint64_t number_ = 0;
};

class DecryptingSource final : public Source {
  public:
    DecryptingSource(Source& from, const ArchiveKey& archive, std::string name)
        : from_(from), name_(std::move(name)), context_(cipher_context()) {
        std::string header(magic.size() + salt_bytes, '\0');
        if (read_fully(from_, header) != header.size() || !header.starts_with(magic)) {
            damaged("it does not begin as an encrypted file does");
        }
        key_ = archive.derive(file_use(name_), std::string_view{header}.substr(magic.size()));
        ahead_ = next();
    }

    std::size_t read(std::span<char> to) override {
        if (at_ == plain_.size() && !ended_) open_chunk();
        const auto size = std::min(to.size(), plain_.size() - at_);
        plain_.copy(to.data(), size, at_);
        at_ += size;
        return size;
    }

  private:
    [[noreturn]] void damaged(std::string_view why) const {
        throw UsageError(fmt::format("{} of the archive was damaged or changed: {}", name_, why),
                         "Take another copy of the archive.");
    }

    std::string next() {
        std::string sealed(chunk_bytes + tag_bytes, '\0');
        sealed.resize(read_fully(from_, sealed));
        return sealed;
    }

    // The last chunk is the one behind which nothing comes.
    void open_chunk() {
        auto sealed = std::move(ahead_);
        ahead_ = sealed.size() == chunk_bytes + tag_bytes ? next() : std::string();
        ended_ = ahead_.empty();
        if (sealed.size() < tag_bytes) damaged("it ends within a chunk");
        const auto nonce = nonce_of(number_++, ended_);
        const auto content = sealed.size() - tag_bytes;
        plain_.resize(content);
        at_ = 0;
        int size = 0;
        int rest = 0;
        auto* const in = bytes_of(sealed);
        auto* const out = bytes_of(plain_);
        const bool good =
            EVP_DecryptInit_ex(context_.get(), EVP_aes_256_gcm(), nullptr, bytes_of(key_.reveal()),
                               nonce.data()) == 1 &&
            EVP_DecryptUpdate(context_.get(), out, &size, in, static_cast<int>(content)) == 1 &&
            EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_GCM_SET_TAG, tag_bytes, in + content) == 1 &&
            EVP_DecryptFinal_ex(context_.get(), out + size, &rest) == 1;
        if (!good) damaged(fmt::format("chunk {} is not what was written there", number_));
    }

    Source& from_;
    std::string name_;
    CipherContext context_;
    Secret key_;
    std::string ahead_;
    std::string plain_;
    std::size_t at_ = 0;
    std::uint64_t number_ = 0;
    bool ended_ = false;
};

}  // namespace

ArchiveKey::ArchiveKey(Secret key, KeyDerivation derivation)
    : key_(std::move(key)), derivation_(std::move(derivation)) {}

ArchiveKey ArchiveKey::create(const Secret& secret) {
    KeyDerivation derivation;
    derivation.salt = random_text(salt_bytes);
    auto key = stretch(secret, derivation);
    if (!key) throw Error(ExitCode::unexpected, key.error());
    derivation.check = hkdf(*key, "check", derivation.salt, check_bytes);
    return {*std::move(key), std::move(derivation)};
}

Expected<ArchiveKey> ArchiveKey::recover(const Secret& secret, const KeyDerivation& derivation) {
    auto key = stretch(secret, derivation);
    if (!key) return unexpected(key.error());
    const auto check = hkdf(*key, "check", derivation.salt, check_bytes);
    if (derivation.check.size() != check.size() ||
        CRYPTO_memcmp(check.data(), derivation.check.data(), check.size()) != 0) {
        return unexpected("this is not the key that the archive was encrypted with");
    }
    return ArchiveKey(*std::move(key), derivation);
}

Secret ArchiveKey::derive(std::string_view use, std::string_view salt) const {
    return Secret{hkdf(key_, use, salt, key_bytes)};
}

std::unique_ptr<Sink> encrypting(Sink& to, const ArchiveKey& key, const std::string& name) {
    return std::make_unique<EncryptingSink>(to, key, name);
}

std::unique_ptr<Source> decrypting(Source& from, const ArchiveKey& key, const std::string& name) {
    return std::make_unique<DecryptingSource>(from, key, name);
}

std::string seal(const Secret& key, std::string_view text) {
    return util::hex(util::hmac_sha256(key.reveal(), text));
}

}  // namespace tti::backup
