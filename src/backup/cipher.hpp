#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "backup/stream.hpp"
#include "util/expected.hpp"
#include "util/secret.hpp"

namespace tti::backup {

// How the key of an archive comes from the secret that was given: scrypt (RFC 7914). Kept in the manifest.
struct KeyDerivation {
    std::uint64_t cost = std::uint64_t{1} << 15U;  // N; with 8 blocks it takes 32 MiB
    std::uint32_t blocks = 8;                      // r
    std::uint32_t parallel = 1;                    // p
    std::string salt;                              // 16 bytes
    std::string check;                             // 16 bytes, which tell a wrong secret
};

// The key of one archive. Each file and the manifest's seal have keys of their own, made of it by HKDF
// (RFC 5869).
class ArchiveKey {
  public:
    // With a new salt.
    static ArchiveKey create(const Secret& secret);
    // A failure says that it is not the secret of the archive, or what is wrong with the derivation.
    static Expected<ArchiveKey> recover(const Secret& secret, const KeyDerivation& derivation);

    [[nodiscard]] const KeyDerivation& derivation() const { return derivation_; }
    // 32 bytes for one use, told apart by name and salt.
    [[nodiscard]] Secret derive(std::string_view use, std::string_view salt) const;

  private:
    ArchiveKey(Secret key, KeyDerivation derivation);
    Secret key_;
    KeyDerivation derivation_;
};

// An encrypted file: 16 bytes "tti-lw-stack e1\n", 16 bytes of salt, then chunks of 64 KiB, each AES-256-GCM
// with a tag of 16 bytes behind it; the last one is shorter or as long, and may be empty. A nonce is the
// chunk's number (11 bytes, big-endian) and 1 for the last chunk, else 0; the key is the file's own. So a
// chunk that was changed, moved, taken from another file or left out is found, and so is a file that was cut
// off. (The construction is STREAM: Hoang, Reyhanitabar, Rogaway, Vizár, 2015.)
inline constexpr std::size_t chunk_bytes = std::size_t{1} << 16U;

// What is written to it goes to `to` encrypted; finish() ends `to` as well. `name` is bound into the key.
std::unique_ptr<Sink> encrypting(Sink& to, const ArchiveKey& key, const std::string& name);
// The other way round. read() throws UsageError naming the file where anything is not as it was written.
std::unique_ptr<Source> decrypting(Source& from, const ArchiveKey& key, const std::string& name);

// HMAC-SHA-256 in lower-case hex.
std::string seal(const Secret& key, std::string_view text);

}  // namespace tti::backup
