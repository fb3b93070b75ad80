#include "network_server/status.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "key_space/status.hpp"
#include "key_space/versions.hpp"
#include "key_space/walk.hpp"
#include "network_server/old_layouts.hpp"
#include "network_server/prune.hpp"

namespace tti::network_server {
namespace {

using key_space::FoundKey;
using key_space::newest_version;
using lorawan::KeyKind;
using operation::Amounts;

struct Status {
    std::int32_t devices_version = 0;
    std::int32_t uplinks_version = 0;
    bool looked_through = false;  // else nothing below is known
    std::int64_t devices = 0;
    Amounts migrate;
    PruneSurvey prune;
    Amounts purge;
    operation::Failures unreadable;

    [[nodiscard]] Amounts due_to_prune() const {
        auto sum = prune.legacy;
        for (const auto* more : {&prune.uplinks, &prune.tasks}) {
            for (const auto& amount : *more) add(sum, amount.what, amount.number);
        }
        return sum;
    }
    // Of both key spaces: the one that is not the newest, where there is one.
    [[nodiscard]] std::int32_t version() const {
        const auto highest = std::max(devices_version, uplinks_version);
        return highest > newest_version ? highest : std::min(devices_version, uplinks_version);
    }
};

bool holds(const std::vector<KeyKind>& kinds, KeyKind kind) {
    return std::ranges::find(kinds, kind) != kinds.end();
}

// What a page of the one walk tells.
class Page {
  public:
    Page(key_space::Session& session, Status& status)
        : session_(session), status_(status), layouts_(session) {}

    static std::vector<KeyKind> kinds() {
        auto all = OldLayouts::kinds();
        for (const auto& more : {last_invalidation_kinds(), legacy_stream_kinds()}) {
            all.insert(all.end(), more.begin(), more.end());
        }
        all.push_back(KeyKind::ns_device);
        all.push_back(KeyKind::ns_legacy_application_task);
        return all;
    }

    void operator()(std::span<const FoundKey> page) {
        std::vector<FoundKey> layouts;
        std::vector<std::string> streams;
        for (const auto& found : page) {
            const auto kind = found.match.kind;
            if (kind == KeyKind::ns_device) {
                ++status_.devices;
            } else if (holds(last_invalidation_kinds(), kind)) {
                add(status_.migrate, std::string(rule(kind).words), 1);
            } else if (holds(OldLayouts::kinds(), kind)) {
                layouts.push_back(found);
            } else {
                add(status_.purge, std::string(rule(kind).words), 1);
                if (kind != KeyKind::ns_legacy_application_task) streams.push_back(found.key);
            }
        }
        layouts_.survey(layouts, status_.migrate);
        status_.prune.add_legacy(session_, streams, {});
    }
    [[nodiscard]] const operation::Failures& unreadable() const { return layouts_.failures(); }

  private:
    key_space::Session& session_;
    Status& status_;
    OldLayouts layouts_;
};

Status read_status(key_space::Session& session) {
    Status status;
    status.devices_version = key_space::read_version(session, KeyKind::ns_schema_version);
    status.uplinks_version = key_space::read_version(session, KeyKind::ns_uplinks_schema_version);
    status.looked_through = key_space::looks_through(session.context().values);
    if (!status.looked_through) return status;
    Page page(session, status);
    walk(session, {.kinds = Page::kinds()}, {}, [&](std::span<const FoundKey> found) { page(found); });
    status.prune.finish(session, {});
    status.unreadable = page.unreadable();
    return status;
}

nlohmann::json to_json(const Amounts& amounts) {
    auto data = nlohmann::json::object();
    for (const auto& amount : amounts) data[amount.what] = amount.number;
    return data;
}

std::string next_commands(const Status& status, const key_space::Standing& standing) {
    auto text = key_space::next_text(standing, "no migration is due");
    if (!status.due_to_prune().empty()) text += "tti-lw-stack ns-db prune removes what is processed\n";
    if (!status.purge.empty())
        text += "tti-lw-stack ns-db purge removes the queues of releases up to 3.27 for good\n";
    return text;
}

std::string to_text(const Status& status) {
    cli::Table versions({"key space", "version", "newest"});
    versions.add({"ns:devices", std::to_string(status.devices_version), std::to_string(newest_version)});
    versions.add(
        {"ns:application-uplinks", std::to_string(status.uplinks_version), std::to_string(newest_version)});
    cli::Table due({"command", "what", "count"});
    const auto add_rows = [&due](const char* command, const Amounts& amounts) {
        for (const auto& amount : amounts) due.add({command, amount.what, std::to_string(amount.number)});
    };
    add_rows("migrate", status.migrate);
    add_rows("prune", status.due_to_prune());
    add_rows("purge", status.purge);
    auto text = "\n" + versions.text();
    if (status.looked_through) text += fmt::format("\n{} end devices\n", status.devices);
    if (!due.empty()) text += "\n" + due.text();
    if (!status.prune.exact) text += "prune: the server can only say how many there are at most\n";
    for (const auto* failures : {&status.unreadable, &status.prune.failures}) {
        if (!failures->empty()) text += fmt::format("not readable: {}\n", failures->text());
    }
    return text + "\n";
}

nlohmann::json to_json(const Status& status) {
    nlohmann::json data{
        {"versions",
         {{"ns:devices", status.devices_version}, {"ns:application-uplinks", status.uplinks_version}}}};
    if (!status.looked_through) return data;
    data.update({{"end_devices", status.devices},
                 {"due",
                  {{"migrate", to_json(status.migrate)},
                   {"prune", to_json(status.due_to_prune())},
                   {"purge", to_json(status.purge)}}},
                 {"exact", status.prune.exact},
                 {"unreadable", status.unreadable.count() + status.prune.failures.count()}});
    return data;
}

ExitCode run_status(key_space::Session& session) {
    const auto status = read_status(session);
    const auto standing =
        key_space::standing(session, operation::Area::network_server, status.version(), status.migrate);
    return key_space::tell(session, standing, to_text(status) + next_commands(status, standing),
                           to_json(status));
}

}  // namespace

cli::Command status_command() {
    return {.name = "status",
            .summary = "Tell the schema versions of the Network Server database and what is due",
            .description =
                "Changes nothing. Counts what migrate would convert, prune would remove and purge would take "
                "away. The exit code tells whether a migration is due.",
            .options = key_space::status_options(),
            .settings = key_space::with_redis_settings(),
            .examples = {{"ns-db status", "look at the database"},
                         {"ns-db status --output json", "the same for a program"}},
            .run = [](cli::Context& context) {
                return key_space::run_reading(context, operation::Area::network_server, run_status);
            }};
}

}  // namespace tti::network_server
