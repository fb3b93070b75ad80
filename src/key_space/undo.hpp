#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "key_space/session.hpp"
#include "operation/undo_file.hpp"
#include "settings/option.hpp"
#include "undo/place.hpp"

namespace tti::key_space {

// undo::place_options() and --max-delete, for what has a measure to be a share of.
std::vector<settings::Option> undo_options();

// Rows of a Redis undo file, one a line, fields separated by tabs, each escaped as in PostgreSQL's COPY text
// form:
//   key     KEY TTL DUMP      a whole key; TTL in ms, -1 for none; DUMP in base64 (DUMP of Redis)
//   field   KEY FIELD VALUE   of a hash, base64
//   scored  KEY MEMBER SCORE  of a sorted set
//   member  KEY MEMBER        of a set
//   entry   KEY ID FIELDS…    of a stream, base64; comes back under a new ID
// "base64" is the URL-safe alphabet without padding. All rows stand in one section "rows". A row may be there
// twice (a batch that was done again after a lost connection): the later one counts.
// The first line of the file names the command, the name space and the server.
class UndoRows {
  public:
    // No file is made before the first batch. Without `place.keeps` nothing is written.
    UndoRows(Session& session, const undo::Place& place, std::string command);
    UndoRows(const UndoRows&) = delete;
    UndoRows& operator=(const UndoRows&) = delete;
    ~UndoRows();

    void begin_batch();
    void key(std::string_view key, std::int64_t ttl, std::string_view dump);
    void field(std::string_view key, std::string_view field, std::string_view value);
    void scored(std::string_view key, std::string_view member, std::string_view score);
    void member(std::string_view key, std::string_view member);
    void entry(std::string_view key, std::string_view id, std::span<const std::string> fields_and_values);
    // Returns when it is durable: only then may the batch be deleted.
    void end_batch();
    void abandon_batch();
    [[nodiscard]] std::string file() const;  // as restore takes it; empty where nothing was written
    [[nodiscard]] bool keeps() const;
    // How many keys make a batch that is worth a sync of the disk, or a request to S3, judged by those
    // before.
    [[nodiscard]] std::size_t keys_a_batch() const;
    [[nodiscard]] std::size_t typical_bytes() const;  // of a row, judged by those before

  private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

// Removes whole keys. Nothing goes before it is in the undo file, and durable; what somebody changed since it
// was written down is written down anew, and RefusedError thrown for a key that does not come to rest.
// Returns how many keys went. Without an undo file it is a plain UNLINK.
std::int64_t remove_keys(Session& session, UndoRows& undo, std::span<const std::string> keys);

}  // namespace tti::key_space
