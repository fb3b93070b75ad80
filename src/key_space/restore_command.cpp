#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "key_space/restore.hpp"
#include "key_space/restore_operation.hpp"
#include "util/error.hpp"

namespace tti::key_space {
namespace {

using operation::Area;

constexpr std::array<std::pair<std::string_view, Area>, 4> areas{{{"ns-db ", Area::network_server},
                                                                  {"as-db ", Area::application_server},
                                                                  {"js-db ", Area::join_server},
                                                                  {"dcs-db ", Area::device_claiming_server}}};

// The area whose command wrote the file. Throws UsageError for what is no file of a Redis database.
Area area_of(const operation::UndoReader& reader) {
    const auto command = reader.about().value("command", "");
    for (const auto& [group, area] : areas) {
        if (command.starts_with(group) && reader.about().value("database", "") == "redis") return area;
    }
    throw UsageError(
        fmt::format("{} was written by \"{}\", which this build does not know", reader.name(), command),
        "Use the release of tti-lw-stack that wrote it.");
}

void require_same_name_space(const operation::UndoReader& reader, const Session& session) {
    const auto written = reader.about().value("name_space", "");
    if (written == session.keys().prefix()) return;
    throw UsageError(fmt::format("the file holds keys below \"{}\" (tenant {}), and this command works below "
                                 "\"{}\"",
                                 written, reader.about().value("tenant_id", ""), session.keys().prefix()),
                     "Name the tenant with --tenant-id, or correct redis.namespace.");
}

OnChange on_change(const settings::Values& values) {
    const bool keep = values.boolean("keep-changed");
    const bool replace = values.boolean("overwrite");
    if (keep && replace) {
        throw UsageError("--keep-changed and --overwrite exclude each other", "Give one of them.");
    }
    return keep ? OnChange::keep : replace ? OnChange::replace : OnChange::refuse;
}

}  // namespace

std::vector<settings::Option> undo_restore_options() {
    auto options = bulk_options();
    options.push_back({.name = "overwrite",
                       .type = settings::Type::boolean,
                       .description = "replace what has another value by now"});
    options.push_back({.name = "keep-changed",
                       .type = settings::Type::boolean,
                       .description = "leave what has another value by now"});
    return options;
}

ExitCode restore_undo_file(cli::Context& context, operation::UndoReader reader) {
    const auto how = on_change(context.values);
    const auto area = area_of(reader);
    return run_writing(context, area, [&](Session& session) {
        require_same_name_space(reader, session);
        return std::make_unique<RestoreOperation>(session, std::move(reader), how);
    });
}

}  // namespace tti::key_space
