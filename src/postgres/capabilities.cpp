#include "postgres/capabilities.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "postgres/pooler.hpp"

namespace tti::postgres {
bool Capabilities::has_extension(std::string_view name) const {
    return std::find(extensions.begin(), extensions.end(), name) != extensions.end();
}

Capabilities ask_capabilities(Connection& connection, util::Stop& stop) {
    // Not transaction_read_only: that is our own doing in a read-only connection.
    const Result answer = connection.execute(
        "SELECT current_setting('server_version_num'), split_part(current_setting('server_version'), ' ', "
        "1), "
        "pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean, "
        "current_setting('is_superuser')::boolean, ARRAY(SELECT extname::text FROM pg_extension ORDER BY "
        "extname)");
    Capabilities capabilities{
        .version = static_cast<int>(answer.integer(0, 0)),
        .version_text = std::string(answer.text(0, 1)),
        .extensions = answer.array(0, 4),
        .replica = answer.boolean(0, 2),
        .superuser = answer.boolean(0, 3),
    };
    require_version(capabilities, connection.context(), connection.uri());
    capabilities.transaction_pooler = behind_transaction_pooler(connection, stop);
    return capabilities;
}

void require_version(const Capabilities& capabilities, const std::string& context, const Uri& uri) {
    if (capabilities.version < minimum_version) {
        throw RefusedError(
            fmt::format("{}: the server at {} is PostgreSQL {}, older than {}", context, uri.display(),
                        capabilities.version / 10000, minimum_version / 10000),
            fmt::format("Upgrade the server to PostgreSQL {} or newer.", minimum_version / 10000));
    }
}

void require_writable(const Capabilities& capabilities, const Uri& uri, std::string_view setting) {
    if (capabilities.replica) {
        throw RefusedError(fmt::format("the database at {} is a read-only replica", uri.display()),
                           fmt::format("Point {} to the primary.", setting));
    }
    if (capabilities.transaction_pooler) {
        throw RefusedError(
            fmt::format("a connection pooler in transaction mode answers at {}, where locks do not hold",
                        uri.display()),
            fmt::format("Point {} to the database server itself, or use pool_mode=session for this database.",
                        setting));
    }
}

}  // namespace tti::postgres
