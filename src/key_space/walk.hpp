#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "key_space/session.hpp"
#include "lorawan/keys.hpp"
#include "operation/runner.hpp"
#include "redis/scan.hpp"

namespace tti::key_space {

// A key of a page, with what it is. `match.parts` look into `key`.
struct FoundKey {
    std::string key;
    lorawan::Keys::Match match;
};

// Where an earlier run of the same operation got to: a SCAN cursor, which means something to one server
// process only. Kept below the program's own keys; found again only by the same operation within a day, at
// the same process.
class Checkpoint {
  public:
    // `operation` names it: "as-db migrate".
    Checkpoint(Session& session, std::string operation);
    [[nodiscard]] std::string cursor() const;  // "0" where there is none
    void save(const std::string& cursor, std::int64_t done);
    // The walk does so at its end. A run that had to leave something undone does so too, as the next one
    // would not come by it again.
    void forget();

  private:
    Session& session_;
    std::string key_;
};

struct WalkOptions {
    std::vector<lorawan::KeyKind> kinds;  // only these are handed out
    std::string type = {};                // of Redis; empty: any
    Checkpoint* checkpoint = nullptr;     // where to begin, and where to note how far it came
    std::size_t most_pages = 0;           // of SCAN, of walk_records() alone; 0: all
};

// How far a walk came.
struct WalkEnd {
    bool complete = false;
    std::size_t pages = 0;  // of SCAN, each of redis::scan_count keys or a few more
};

// One SCAN for all kinds. `page` is called with the keys of a page, at most `most` at once; what it does must
// be repeatable, for a page may come again after a lost connection. Between pages it paces and, with a
// StepContext, reports progress in `unit` of `total` (0: unknown) and ends at a safe point when asked to.
struct WalkReport {
    operation::StepContext* step = nullptr;  // none while planning
    std::string unit = "keys";
    std::int64_t total = 0;
    std::size_t most = 512;
};
void walk(Session& session, const WalkOptions& options, const WalkReport& report,
          const std::function<void(std::span<const FoundKey>)>& page);

// The same with the values, one for every key: nothing where it is gone or no string. The server looks for
// the next page and its values while `page` works, so they are older than with a read of one's own: what is
// written because of them must be compared and set. They live until `page` returns.
using RecordPage =
    std::function<void(std::span<const FoundKey>, std::span<const std::optional<std::string_view>>)>;
WalkEnd walk_records(Session& session, const WalkOptions& options, const WalkReport& report,
                     const RecordPage& page);

}  // namespace tti::key_space
