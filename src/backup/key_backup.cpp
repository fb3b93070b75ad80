#include "backup/key_backup.hpp"

#include <array>

#include "backup/key_digest.hpp"
#include "backup/time_text.hpp"
#include "local/redis_server.hpp"
#include "operation/failure_point.hpp"
#include "redis/error.hpp"

namespace tti::backup {
namespace {

// What the server counts of writes, whatever their key: since it last saved its data.
struct WriteCount {
    std::int64_t writes = 0;
    std::int64_t saved_at = 0;
};

WriteCount count_writes(redis::Connection& connection) {
    WriteCount count;
    connection.repeat([&] {
        const auto reply = connection.call("INFO");
        count = {local::info_number(reply->text(), "rdb_changes_since_last_save"),
                 local::info_number(reply->text(), "rdb_last_save_time")};
    });
    return count;
}

// INFO may be forbidden to us.
std::optional<WriteCount> try_count_writes(redis::Connection& connection) {
    try {
        return count_writes(connection);
    } catch (const redis::ServerError&) {
        return {};
    }
}

std::vector<std::pair<std::string, std::int64_t>> read_layouts(redis::Connection& connection,
                                                               const KeyPlace& place) {
    constexpr std::array key_spaces{"ns:devices", "ns:application-uplinks", "as", "js:keys", "dcs"};
    std::vector<std::pair<std::string, std::int64_t>> layouts;
    for (const auto* const key_space : key_spaces) {
        const auto key = place.name_space + place.scope.below + key_space + ":schema-version";
        const auto reply = connection.call("GET", key);
        layouts.emplace_back(key_space, reply->is_nil() ? 0 : reply->number());
    }
    return layouts;
}

}  // namespace

KeysEntry back_up_keys(redis::Connection& connection, const KeyPlace& place, Sink& to,
                       operation::StepContext& context) {
    KeysEntry entry{.address = connection.target().display(),
                    .server_version = connection.server().version,
                    .name_space = place.name_space,
                    .began_at = now_text(),
                    .layouts = read_layouts(connection, place)};
    const auto before = try_count_writes(connection);
    const auto total = connection.call("DBSIZE")->integer();
    KeyFileWriter file(to);
    KeySum sum;
    std::int64_t seen = 0;
    read_keys(
        connection, place,
        [&](const ArchivedKey& key) {
            file.add(key);
            sum.add(key);
        },
        [&](std::size_t keys) {
            seen += static_cast<std::int64_t>(keys);
            context.progress("keys", seen, total);
            operation::failure_point("inside keys");
            util::throw_if_requested(context.stop());
        });
    file.end();
    const auto after = try_count_writes(connection);
    if (before && after && before->saved_at == after->saved_at) {
        entry.writes_meanwhile = std::max<std::int64_t>(after->writes - before->writes, 0);
    }
    entry.ended_at = now_text();
    entry.keys = sum.keys();
    entry.with_expiry = sum.with_expiry();
    entry.digest = sum.digest();
    return entry;
}

}  // namespace tti::backup
