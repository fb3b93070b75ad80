#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "backup/cipher.hpp"
#include "backup/manifest.hpp"
#include "backup/place.hpp"
#include "util/secret.hpp"

namespace tti::backup {

inline constexpr const char* manifest_name = "manifest.json";
// Says whose the place is while a backup is being written; gone when its manifest is there.
inline constexpr const char* unfinished_name = "unfinished.json";
inline constexpr const char* register_name = "register.json";
inline constexpr const char* keys_name = "redis.keys";
inline constexpr std::string_view dump_ending = ".dump";
inline constexpr std::string_view rows_ending = ".rows";

// What a place holds, as far as names and the small files tell.
struct PlaceState {
    enum class Kind { empty, unfinished, archive, others };
    Kind kind = Kind::empty;
    std::string told;     // of an unfinished one: when it was begun and where
    std::string foreign;  // of others': the first name that no backup writes
    std::vector<std::string> names;
};
PlaceState look_at(Place& place);
// Why no backup can be written there; empty where one can.
std::string reason_against(const PlaceState& state, const Place& place);

// Writes an archive's files, then its manifest.
class ArchiveWriter {
  public:
    ArchiveWriter(Place& place, std::optional<ArchiveKey> key) : place_(place), key_(std::move(key)) {}

    // Opens the place, removes the files that an unfinished backup left there, and marks it as unfinished.
    // Throws RefusedError where anything else is there.
    void begin(const std::string& told);
    // `write` puts the content into the sink, and does not finish it. Returns the bytes as they lie there.
    // Throws LockedError, as finish() does, where another backup has taken the place over since begin().
    std::int64_t add(const std::string& name, const std::function<void(Sink&)>& write);
    // Adds files and encryption to the manifest, seals it and puts it there.
    void finish(Manifest manifest);

  private:
    void require_mark();

    Place& place_;
    std::optional<ArchiveKey> key_;
    std::string mark_;  // what begin() wrote
    std::vector<FileEntry> files_;
};

// Reads a whole archive.
class ArchiveReader {
  public:
    // Throws UsageError where there is no whole archive, its manifest was changed, or `secret` is not its
    // key; one that is encrypted needs a secret.
    ArchiveReader(Place& place, const std::optional<Secret>& secret);

    [[nodiscard]] const Manifest& manifest() const { return manifest_; }
    // Hands out the content of a file, decrypted.
    void read(const std::string& name, const std::function<void(Source&)>& work);
    // Reads the file as it lies there. Throws UsageError where size or checksum are not the manifest's.
    // `progress` gets the bytes that were read.
    void check(const FileEntry& file, const std::function<void(std::int64_t)>& progress);

  private:
    Place& place_;
    std::optional<ArchiveKey> key_;
    Manifest manifest_;
};

}  // namespace tti::backup
