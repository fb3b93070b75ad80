#include "key_space/tenant_versions.hpp"

#include <algorithm>

#include "key_space/versions.hpp"

namespace tti::key_space {
namespace {

// So many tenants are asked about by one pipeline.
constexpr std::size_t tenants_at_once = 500;

bool is_newest(redis::ReplyView value) {
    return value.is_text() && value.text() == std::to_string(newest_version);
}

redis::Commands questions(std::span<const lorawan::KeyKind> kinds, const std::vector<std::string>& name_space,
                          std::span<const std::string> tenant_ids) {
    redis::Commands commands;
    auto of_tenant = name_space;
    of_tenant.emplace_back();
    for (const auto& id : tenant_ids) {
        of_tenant.back() = id;
        const lorawan::Keys keys(of_tenant);
        std::vector<std::string> versions;
        for (const auto kind : kinds) versions.push_back(keys.key(kind));
        commands.add_list({"MGET"}, versions);
    }
    return commands;
}

}  // namespace

std::vector<std::string> tenants_not_at_newest(Session& session, std::span<const std::string> tenant_ids,
                                               std::span<const lorawan::KeyKind> kinds) {
    const auto& name_space = session.context().values.list("redis.namespace");
    std::vector<std::string> found;
    for (std::size_t start = 0; start < tenant_ids.size(); start += tenants_at_once) {
        const auto some = tenant_ids.subspan(start, std::min(tenants_at_once, tenant_ids.size() - start));
        const auto commands = questions(kinds, name_space, some);
        const auto before = found.size();
        session.connection().repeat([&] {
            found.resize(before);
            session.connection().pipeline(commands, [&](std::size_t index, redis::ReplyView reply) {
                bool all = true;
                for (std::size_t i = 0; i < kinds.size(); ++i) all = all && is_newest(reply[i]);
                if (!all) found.push_back(some[index]);
            });
        });
    }
    return found;
}

}  // namespace tti::key_space
