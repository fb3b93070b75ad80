#include "key_space/tenant_versions.hpp"

#include <algorithm>
#include <charconv>

#include "key_space/versions.hpp"

namespace tti::key_space {
namespace {

// So many tenants are asked about by one pipeline.
constexpr std::size_t tenants_at_once = 500;

bool is_newest(redis::ReplyView value) {
    if (!value.is_text()) return false;
    const auto text = value.text();
    std::int32_t version = 0;
    std::from_chars(text.data(), text.data() + text.size(), version);
    return version >= newest_version;
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

std::int64_t count_not_recorded(Session& session, std::span<const std::string> tenant_ids,
                                std::span<const lorawan::KeyKind> kinds) {
    const auto& name_space = session.context().values.list("redis.namespace");
    std::int64_t count = 0;
    for (std::size_t start = 0; start < tenant_ids.size(); start += tenants_at_once) {
        const auto some = tenant_ids.subspan(start, std::min(tenants_at_once, tenant_ids.size() - start));
        const auto commands = questions(kinds, name_space, some);
        std::int64_t among_these = 0;
        session.connection().repeat([&] {
            among_these = 0;
            session.connection().pipeline(commands, [&](std::size_t, redis::ReplyView reply) {
                bool all = true;
                for (std::size_t i = 0; i < kinds.size(); ++i) all = all && is_newest(reply[i]);
                among_these += all ? 0 : 1;
            });
        });
        count += among_these;
    }
    return count;
}

}  // namespace tti::key_space
