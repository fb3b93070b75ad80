#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "redis/connection.hpp"

namespace tti::redis {

// For MATCH: what a glob would take as special is taken literally.
std::string escape_glob(std::string_view text);

inline constexpr std::size_t scan_count = 1024;

struct ScanOptions {
    std::string match;               // a glob; empty: every key
    std::string type = {};           // "string", "stream", …; empty: any
    std::size_t count = scan_count;  // the server's work per call
    std::string cursor = "0";        // where to begin, from an earlier Scan of the same server process
};

// Walks the key space once, page by page. A key may come twice, and keys that are made or removed meanwhile
// may come or not. While the caller works on a page, the server is at the next one. Survives a lost
// connection; when the server's process is another one then, it begins anew.
class Scan {
  public:
    Scan(Connection& connection, ScanOptions options);
    // Replaces `keys` by the next page, which may be empty; false at the end.
    bool next(std::vector<std::string>& keys);
    // Where the next page begins. Together with the server's run ID it is a place to go on from later.
    [[nodiscard]] const std::string& cursor() const { return cursor_; }

    // The process that the cursor belongs to.
    [[nodiscard]] const std::string& run_id() const { return run_id_; }

  private:
    Reply request();
    void send_ahead();
    [[nodiscard]] Commands command() const;
    Connection& connection_;
    ScanOptions options_;
    std::string cursor_;
    std::string run_id_;
    bool finished_ = false;
    std::shared_ptr<Sent> ahead_;
};

}  // namespace tti::redis
