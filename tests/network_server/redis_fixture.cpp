#include <algorithm>

#include "network_server/network.hpp"

namespace tti::network_server::test {
namespace {

// The elements of a flat list, `step` at a time, sorted.
std::string sorted(const redis::Reply& reply, std::size_t step, bool values) {
    std::vector<std::string> items;
    for (std::size_t index = 0; index < reply->size(); index += step) {
        items.emplace_back(reply.view()[index].text());
        if (values && step == 2) items.back() += "=" + std::string(reply.view()[index + 1].text());
    }
    std::ranges::sort(items);
    std::string text;
    for (const auto& item : items) text += " " + item;
    return text;
}

std::string stream(redis::Connection& connection, const std::string& name) {
    std::string text;
    const auto entries = connection.call("XRANGE", name, "-", "+");
    for (std::size_t index = 0; index < entries->size(); ++index) {
        const auto id = entries.view()[index][0].text();
        const auto fields = entries.view()[index][1];
        std::vector<std::string> pairs;
        for (std::size_t at = 0; at < fields.size(); at += 2) {
            pairs.push_back(std::string(fields[at].text()) + "=" + std::string(fields[at + 1].text()));
        }
        std::ranges::sort(pairs);
        text += " " + std::string(id.size() < 8 ? id : "new");
        for (const auto& pair : pairs) text += " " + pair;
    }
    return text + " pending " + std::to_string(connection.call("XPENDING", name, "ns").view()[0].integer());
}

}  // namespace

std::string contents(RedisDatabase& database) {
    auto& connection = database.connection();
    std::string text;
    for (const auto& [name, dump] : database.state()) {
        if (name.ends_with("schema-version")) continue;
        const std::string type(connection.call("TYPE", name)->text());
        text += name + " " + type;
        if (type == "string") text += " " + database.get(name);
        if (type == "zset")
            text += sorted(connection.call("ZRANGE", name, "0", "-1", "WITHSCORES"), 2,
                           !name.ends_with(":pending"));
        if (type == "hash") text += sorted(connection.call("HGETALL", name), 2, true);
        if (type == "set") text += sorted(connection.call("SMEMBERS", name), 1, true);
        if (type == "stream") text += stream(connection, name);
        text += "\n";
    }
    return text;
}

}  // namespace tti::network_server::test
