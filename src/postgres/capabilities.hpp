#pragma once

#include <string>
#include <vector>

#include "postgres/connection.hpp"

namespace tti::postgres {

// What the server can do, asked once per connection.
struct Capabilities {
    int version = 0;                      // 150018 for 15.18
    std::string version_text;             // "15.18"
    std::vector<std::string> extensions;  // installed in this database
    bool replica = false;                 // in recovery, or read-only for another reason
    bool transaction_pooler = false;      // sessions are not ours: no session locks, no SET
    bool superuser = false;
    [[nodiscard]] bool has_extension(std::string_view name) const;
};

// The oldest version that the stack supports.
inline constexpr int minimum_version = 140000;

// Throws RefusedError when the server is older than minimum_version. The pooler is looked for with a second
// and a third connection, and only when the first one's process number shows that something is in between.
Capabilities ask_capabilities(Connection& connection, util::Stop& stop);

// Throws RefusedError when the server is older than minimum_version.
void require_version(const Capabilities& capabilities, const std::string& context, const Uri& uri);

// Throws RefusedError with a hint when the database cannot take writes and locks: a replica, or a transaction
// pooler.
void require_writable(const Capabilities& capabilities, const Uri& uri,
                      std::string_view setting = "is.database-uri");

}  // namespace tti::postgres
