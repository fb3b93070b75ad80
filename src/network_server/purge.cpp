#include "network_server/purge.hpp"

#include <fmt/format.h>

#include "key_space/purge_operation.hpp"

namespace tti::network_server {
namespace {

using key_space::Session;
using lorawan::KeyKind;

// A blocked reader comes back at the latest when its client's read times out, after about ten seconds.
constexpr std::chrono::milliseconds recent{60'000};

// "host:pid", of a consumer that read the stream lately; empty where there is none.
std::string recent_consumer(redis::Connection& connection, const std::string& stream,
                            std::string_view group) {
    const auto consumers = connection.call("XINFO", "CONSUMERS", stream, group);
    for (std::size_t index = 0; index < consumers->size(); ++index) {
        const auto fields = consumers.view()[index];
        std::string name;
        std::int64_t idle = recent.count();
        for (std::size_t field = 0; field + 1 < fields.size(); field += 2) {
            if (fields[field].text() == "name") name = fields[field + 1].text();
            if (fields[field].text() == "idle") idle = fields[field + 1].number();
        }
        if (idle < recent.count()) return name;
    }
    return {};
}

std::string recent_consumer(redis::Connection& connection, const std::string& stream) {
    if (connection.call("TYPE", stream)->text() != "stream") return {};
    const auto groups = connection.call("XINFO", "GROUPS", stream);
    for (std::size_t index = 0; index < groups->size(); ++index) {
        const auto fields = groups.view()[index];
        for (std::size_t field = 0; field + 1 < fields.size(); field += 2) {
            if (fields[field].text() != "name") continue;
            if (auto name = recent_consumer(connection, stream, fields[field + 1].text()); !name.empty())
                return name;
        }
    }
    return {};
}

// Releases up to 3.27 read their task queue all the time; those since have no consumer there.
void refuse_if_in_use(Session& session, operation::Plan& plan) {
    for (const std::string_view queue : {"input", "ready"}) {
        const auto key = session.keys().key(KeyKind::ns_legacy_application_task, {queue});
        const auto consumer = recent_consumer(session.connection(), key);
        if (consumer.empty()) continue;
        plan.refusals.push_back(fmt::format(
            "a Network Server of release 3.27 or older reads these queues now: {} (key {})", consumer, key));
        plan.refusal_hint = "Upgrade it or stop it, wait a minute, and give the same command again.";
        return;
    }
}

key_space::Purge purge() {
    return {.command = "ns-db purge",
            .title = "purge the application uplink queues of releases up to 3.27",
            .why = "no release since 3.28 reads them",
            .nothing = "there are no queues of releases up to 3.27",
            .kinds = {KeyKind::ns_legacy_uplinks, KeyKind::ns_legacy_invalidation,
                      KeyKind::ns_legacy_join_accept, KeyKind::ns_legacy_application_task},
            .look = refuse_if_in_use};
}

}  // namespace

cli::Command purge_command() {
    return {
        .name = "purge",
        .summary = "Remove the application uplink queues that releases up to 3.27 left",
        .description =
            "Up to release 3.27 every application had queues of its own for uplinks, invalidations and "
            "join-accepts. Releases since 3.28 have one queue for all of them and read the old ones no "
            "more, so what lies in them is never delivered. They go whole, in one pass. The queue of today "
            "is not touched.\n\n"
            "While a Network Server of release 3.27 or older is running, nothing is removed. What goes is "
            "first written to an undo file, which restore plays back, unless --no-undo is given.",
        .options = key_space::purge_options(),
        .settings = key_space::with_redis_settings(),
        .examples = {{"ns-db purge --dry-run", "see how many queues there are, and how large"},
                     {"ns-db purge --yes", "remove them, and keep an undo file"},
                     {"ns-db purge --yes --no-undo --rate=2000/s", "remove them slowly, for good"}},
        .effect = cli::Effect::writes,
        .disk_use = undo::disk_use,
        .run = [](cli::Context& context) {
            const auto place = undo::place(context);
            return key_space::run_writing(context, operation::Area::network_server, [&](Session& session) {
                return std::make_unique<key_space::PurgeOperation>(session, purge(), place);
            });
        }};
}

}  // namespace tti::network_server
