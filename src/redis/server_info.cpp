#include "redis/server_info.hpp"

#include <charconv>

namespace tti::redis {
namespace {

std::int64_t number(std::string_view text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

InfoFields info_fields(std::string_view info) {
    InfoFields fields;
    while (!info.empty()) {
        const std::size_t end = std::min(info.find("\r\n"), info.size());
        const std::string_view line = info.substr(0, end);
        if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
            fields.emplace(line.substr(0, colon), line.substr(colon + 1));
        }
        info.remove_prefix(std::min(end + 2, info.size()));
    }
    return fields;
}

Server parse_info(std::string_view info) {
    InfoFields fields = info_fields(info);
    Server server;
    server.version = fields["redis_version"];
    server.run_id = fields["run_id"];
    server.cluster = fields["cluster_enabled"] == "1" || fields["redis_mode"] == "cluster";
    server.replica = fields["role"] == "slave";
    server.loading = fields["loading"] == "1";
    server.maxmemory_policy = fields["maxmemory_policy"];
    server.used_memory = number(fields["used_memory"]);
    server.maxmemory = number(fields["maxmemory"]);
    return server;
}

}  // namespace tti::redis
