#include "network_server/migrate.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "key_space/versions.hpp"
#include "operation/failure_point.hpp"

namespace tti::network_server {
namespace {

using key_space::FoundKey;
using key_space::newest_version;
using lorawan::KeyKind;

constexpr const char* invalidations_due = "last-invalidation keys";
constexpr const char* mend_hint =
    "Mend or delete these records (ns-db inspect shows them), then give the same command again: it continues "
    "with what is not done.";

std::string why(std::int32_t version) {
    return version < newest_version ? fmt::format("the recorded version is {}", version)
                                    : std::string("the version is recorded, and old data is left");
}

bool holds(const std::vector<KeyKind>& kinds, KeyKind kind) {
    return std::ranges::find(kinds, kind) != kinds.end();
}

std::string sentence(const operation::Amounts& counts) {
    return counts.empty() ? "" : fmt::format("; {}", describe(counts));
}

std::string differences_text(const operation::Amounts& differences) {
    std::int64_t sum = 0;
    for (const auto& amount : differences) sum += amount.number;
    return differences.empty() ? "0 differences"
                               : fmt::format("{} differences: {}", sum, describe(differences));
}

nlohmann::json to_json(const operation::Amounts& amounts) {
    auto data = nlohmann::json::object();
    for (const auto& amount : amounts) data[amount.what] = amount.number;
    return data;
}

}  // namespace

operation::Plan MigrateOperation::plan() {
    operation::Plan plan{.title = "migrate the Network Server database"};
    uplinks_ = {.version = key_space::read_known_version(session_, KeyKind::ns_uplinks_schema_version)};
    devices_ = {.version = key_space::read_known_version(session_, KeyKind::ns_schema_version)};
    uplinks_.looked_at = options_.force || uplinks_.version < newest_version;
    devices_.looked_at = options_.force || devices_.version < newest_version;
    survey();
    add_uplinks_step(plan);
    add_devices_step(plan);
    if (!layouts_.failures().empty()) {
        plan.notes.push_back(fmt::format("{} keys cannot be read: {}.", layouts_.failures().count(),
                                         layouts_.failures().text()));
    }
    if (!plan.steps.empty() && uplinks_.due.empty() && devices_.due.empty()) {
        plan.notes.emplace_back("Nothing of an old layout is there: only the versions are recorded.");
    }
    if (options_.rebuild_index) add_rebuild_step(plan);
    return plan;
}

// One walk for both key spaces.
void MigrateOperation::survey() {
    std::vector<KeyKind> kinds;
    if (uplinks_.looked_at) kinds = last_invalidation_kinds();
    if (devices_.looked_at) {
        const auto more = OldLayouts::kinds();
        kinds.insert(kinds.end(), more.begin(), more.end());
    }
    if (kinds.empty()) return;
    const auto invalidations = last_invalidation_kinds();
    walk(session_, {.kinds = kinds}, {}, [&](std::span<const FoundKey> page) {
        std::vector<FoundKey> devices;
        for (const auto& found : page) {
            if (holds(invalidations, found.match.kind)) {
                add(uplinks_.due, invalidations_due, 1);
            } else {
                devices.push_back(found);
            }
        }
        layouts_.survey(devices, devices_.due);
    });
}

void MigrateOperation::add_uplinks_step(operation::Plan& plan) {
    if (!uplinks_.looked_at || (uplinks_.version == newest_version && uplinks_.due.empty())) return;
    const bool nothing = uplinks_.due.empty();
    plan.steps.push_back({.name = "ns:application-uplinks 1",
                          .what = nothing ? "record version 1 of key space ns:application-uplinks"
                                          : "remove the last-invalidation keys of release 3.15 and before",
                          .why = why(uplinks_.version),
                          .touches = uplinks_.due,
                          .lock = operation::Lock::none,
                          .run = [this](operation::StepContext& step) { migrate_uplinks(step); }});
}

void MigrateOperation::add_devices_step(operation::Plan& plan) {
    if (!devices_.looked_at ||
        (devices_.version == newest_version && devices_.due.empty() && layouts_.failures().empty()))
        return;
    const bool nothing = devices_.due.empty();
    plan.steps.push_back({.name = "ns:devices 1",
                          .what = nothing ? "record version 1 of key space ns:devices"
                                          : "convert the layouts of release 3.11 and before",
                          .why = why(devices_.version),
                          .touches = devices_.due,
                          .lock = nothing ? operation::Lock::none : operation::Lock::rows,
                          .run = [this](operation::StepContext& step) { migrate_devices(step); }});
}

void MigrateOperation::migrate_uplinks(operation::StepContext& step) {
    operation::failure_point("migrate uplinks: before");
    const key_space::WalkReport report{
        .step = &step, .unit = invalidations_due, .total = uplinks_.due.empty() ? 0 : uplinks_.due[0].number};
    if (!uplinks_.due.empty()) {
        walk(session_, {.kinds = last_invalidation_kinds()}, report, [&](std::span<const FoundKey> page) {
            const auto removed = remove_last_invalidations(session_, page);
            invalidations_removed_ += removed;
            step.count("last-invalidation keys removed", removed);
        });
    }
    operation::failure_point("migrate uplinks: version");
    key_space::write_version(session_, KeyKind::ns_uplinks_schema_version);
}

void MigrateOperation::migrate_devices(operation::StepContext& step) {
    operation::failure_point("migrate devices: before");
    if (!devices_.due.empty() || !layouts_.failures().empty()) {
        layouts_.begin();
        walk(session_, {.kinds = OldLayouts::kinds()}, {.step = &step, .unit = "keys"},
             [&](std::span<const FoundKey> page) { layouts_.convert(page, step); });
    }
    if (const auto& failures = layouts_.failures(); !failures.empty()) {
        throw PartlyFailedError(
            fmt::format("{} records could not be converted, so version 1 of ns:devices is not recorded: {}",
                        failures.count(), failures.text()),
            mend_hint);
    }
    operation::failure_point("migrate devices: version");
    key_space::write_version(session_, KeyKind::ns_schema_version);
}

void MigrateOperation::add_rebuild_step(operation::Plan& plan) {
    rebuild_.survey();
    index_surveyed_ = true;
    plan.notes.push_back(fmt::format("The index of {} end devices has {}.", rebuild_.records(),
                                     differences_text(rebuild_.differences())));
    if (!rebuild_.conflicts().empty()) {
        plan.notes.push_back(fmt::format("{} entries are claimed by two records and stay as they are: {}.",
                                         rebuild_.conflicts().count(), rebuild_.conflicts().text()));
    }
    if (!rebuild_.failures().empty()) {
        plan.notes.push_back(fmt::format("{} keys cannot be read: {}.", rebuild_.failures().count(),
                                         rebuild_.failures().text()));
    }
    const bool will_change = !devices_.due.empty();
    if (rebuild_.differences().empty() && rebuild_.failures().empty() && !will_change) return;
    plan.steps.push_back({.name = "rebuild-index",
                          .what = "make the address, EUI and relay indexes as the device records say",
                          .why = "--rebuild-index is given",
                          .touches = rebuild_.differences(),
                          .lock = operation::Lock::rows,
                          .run = [this](operation::StepContext& step) { rebuild_index(step); }});
}

void MigrateOperation::rebuild_index(operation::StepContext& step) {
    rebuild_.run(step);
    if (const auto& failures = rebuild_.failures(); !failures.empty()) {
        throw PartlyFailedError(
            fmt::format("the index of {} keys could not be rebuilt: {}", failures.count(), failures.text()),
            mend_hint);
    }
}

std::string MigrateOperation::result_text() {
    auto text = fmt::format("ns:devices and ns:application-uplinks are at version {}", newest_version);
    const bool converted = invalidations_removed_ > 0 || !layouts_.counts().empty();
    if (!converted && !index_surveyed_) text = "nothing to do: nothing of an old layout is there; " + text;
    if (invalidations_removed_ > 0)
        text += fmt::format("; {} last-invalidation keys removed", invalidations_removed_);
    text += sentence(layouts_.counts());
    if (index_surveyed_) {
        text += rebuild_.differences().empty()
                    ? fmt::format("; the index of {} end devices is right, 0 differences", rebuild_.records())
                    : fmt::format("; repaired in the index: {}", describe(rebuild_.differences()));
        if (!rebuild_.conflicts().empty()) {
            text += fmt::format("; {} entries claimed by two records stay: {}", rebuild_.conflicts().count(),
                                rebuild_.conflicts().text());
        }
    }
    return text;
}

nlohmann::json MigrateOperation::result_data() {
    nlohmann::json data{
        {"versions", {{"ns:devices", newest_version}, {"ns:application-uplinks", newest_version}}},
        {"converted", to_json(layouts_.counts())}};
    if (index_surveyed_) {
        data["index"] = {{"end_devices", rebuild_.records()},
                         {"repaired", to_json(rebuild_.differences())},
                         {"conflicts", rebuild_.conflicts().data()}};
    }
    return data;
}

cli::Command migrate_command() {
    auto options = key_space::bulk_options();
    options.push_back({.name = "force",
                       .type = settings::Type::boolean,
                       .description = "look for old layouts although the versions are recorded"});
    options.push_back({.name = "rebuild-index",
                       .type = settings::Type::boolean,
                       .description = "make the address, EUI and relay indexes as the device records say"});
    return {.name = "migrate",
            .summary = "Bring the Network Server database to the newest layout",
            .description =
                "Converts every layout since release 3.0 directly, on a running Network Server too, and "
                "records a version per key space (devices, application uplinks) when nothing of it "
                "failed. A fresh database only gets its versions.\n\n"
                "With --rebuild-index every entry of the address, EUI and relay indexes is compared with "
                "the device records and repaired where it differs; together with --dry-run this is the "
                "proof that the index is right.",
            .options = std::move(options),
            .settings = key_space::with_redis_settings(),
            .examples = {{"ns-db migrate --dry-run", "see what is due"},
                         {"ns-db migrate", "migrate"},
                         {"ns-db migrate --rebuild-index --dry-run", "verify the index"}},
            .effect = cli::Effect::writes,
            .run = [](cli::Context& context) {
                const MigrateOptions chosen{context.values.boolean("force"),
                                            context.values.boolean("rebuild-index")};
                return key_space::run_writing(context, operation::Area::network_server,
                                              [&](key_space::Session& session) {
                                                  return std::make_unique<MigrateOperation>(session, chosen);
                                              });
            }};
}

}  // namespace tti::network_server
