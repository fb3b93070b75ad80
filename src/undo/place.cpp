#include "undo/place.hpp"

#include <fmt/format.h>

#include "cli/object_encryption.hpp"
#include "operation/undo_folder.hpp"
#include "undo/default_folder.hpp"
#include "undo/object_target.hpp"
#include "undo/store.hpp"
#include "util/error.hpp"
#include "util/random.hpp"

namespace tti::undo {
namespace {

// Deployments may share a bucket, and their clocks a millisecond.
std::string unique_name(const std::string& name) {
    constexpr std::size_t bytes = 6;
    auto unique = name.substr(0, name.size() - file_suffix.size()) + "-";
    for (const auto byte : util::random_bytes(bytes)) unique += fmt::format("{:02x}", byte);
    return unique.append(file_suffix);
}

Place in_store(const cli::Context& context, const std::string& text) {
    const auto folder = folder_address("undo-to", text);
    const auto encryption = cli::object_encryption(context.values);
    return {.create =
                [s3 = open_store(context), folder, encryption](const std::string& name) {
                    const aws::ObjectAddress file{folder.bucket, folder.key + unique_name(name) + "/"};
                    return std::make_unique<ObjectTarget>(s3, file, encryption);
                },
            .note = fmt::format("What goes is kept below {}: each batch is there before it goes.",
                                display_folder(folder))};
}

std::filesystem::path usual_folder(const settings::Surroundings& surroundings) {
    return in_container(surroundings, "/") ? std::filesystem::path() : default_folder(surroundings);
}

}  // namespace

std::vector<settings::Option> place_options() {
    return {{.name = "undo-to",
             .description = "folder for the undo file, s3://BUCKET/FOLDER too; "
                            "~/.local/state/tti-lw-stack/undo when left out",
             .value_name = "DIR"},
            {.name = "no-undo",
             .type = settings::Type::boolean,
             .description = "keep nothing of what is deleted"},
            cli::object_encryption_option()};
}

void Place::add_to(operation::Plan& plan) const {
    if (!note.empty()) plan.notes.push_back(note);
    if (refusal.empty()) return;
    plan.refusals.push_back(refusal);
    plan.refusal_hint = refusal_hint;
}

Place in_folder(const std::filesystem::path& folder) {
    return {.create = [folder](const std::string& name) {
        return std::make_unique<operation::UndoInFolder>(folder / name);
    }};
}

Place place(const cli::Context& context) {
    const auto& values = context.values;
    const bool keeps = !values.boolean("no-undo");
    const bool named = values.given("undo-to");
    if (named && !keeps) {
        throw UsageError("--undo-to and --no-undo exclude each other", "Give one of them.");
    }
    if (named && values.text("undo-to").empty()) {
        throw UsageError("option undo-to is empty", "Name a folder, or use --no-undo.");
    }
    if (named && is_in_store(values.text("undo-to"))) return in_store(context, values.text("undo-to"));
    cli::require_no_object_encryption(values);
    if (!keeps) return {.keeps = false};
    const auto& surroundings = context.surroundings;
    const auto folder =
        named ? surroundings.working_directory / values.text("undo-to") : usual_folder(surroundings);
    if (!folder.empty()) return in_folder(folder);
    return {.refusal = "there is no lasting place for the undo file: a container's own disk ends with it",
            .refusal_hint =
                "Name a folder that lasts or s3://BUCKET/FOLDER with --undo-to, or do without an "
                "undo file with --no-undo."};
}

std::optional<cli::DiskUse> disk_use(const settings::Values& values) {
    const auto& place = values.text("undo-to");
    if (values.boolean("no-undo") || values.boolean("dry-run") || is_in_store(place)) return std::nullopt;
    return cli::DiskUse{.what = "the undo file",
                        .place = place,
                        .hint = "That is --undo-to; with --no-undo nothing is kept."};
}

}  // namespace tti::undo
