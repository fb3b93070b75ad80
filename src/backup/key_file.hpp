#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "backup/stream.hpp"

namespace tti::backup {

// A key as Redis had it.
struct ArchivedKey {
    std::string_view key;          // without the name space
    std::int64_t expires_at = -1;  // ms since 1970, -1: never
    std::string_view payload;      // of DUMP
};

// The file of an archive's keys: "tti-lw-stack k1\n", then for each key its length (4 bytes), expiry (8), the
// payload's length (8), key and payload; at the end the length 0xFFFFFFFF and how many keys there were (8).
// All numbers are little-endian. A key may be there twice, since SCAN may give it twice: the later one
// counts.
class KeyFileWriter {
  public:
    explicit KeyFileWriter(Sink& to);
    void add(const ArchivedKey& key);
    // Writes the end; the sink's own is the caller's.
    void end();

  private:
    void flush();
    Sink& to_;
    std::string pending_;
    std::uint64_t keys_ = 0;
};

class KeyFileReader {
  public:
    // Throws UsageError, as next() does, where the bytes are no such file.
    explicit KeyFileReader(Source& from);
    // False at the end. The views live until the next call.
    bool next(ArchivedKey& key);

  private:
    void fill(std::string& to, std::size_t size);
    template <typename Number>
    Number number();

    Source& from_;
    std::string buffer_;
    std::size_t at_ = 0;
    std::string key_;
    std::string payload_;
    std::uint64_t keys_ = 0;
};

}  // namespace tti::backup
