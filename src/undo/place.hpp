#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "operation/plan.hpp"
#include "operation/undo_target.hpp"
#include "settings/option.hpp"

namespace tti::undo {

// --undo-to, --no-undo and --s3-encryption, of every command that deletes for good.
std::vector<settings::Option> place_options();

// Where the undo file of a run goes.
struct Place {
    bool keeps = true;
    // Makes one of that name ("ns-purge-….undo"), about which S3 is not asked before its first piece. Empty
    // where nothing is kept, and with a refusal.
    std::function<std::unique_ptr<operation::UndoTarget>(const std::string& name)> create = {};
    std::string note = {};     // for the plan; empty for a folder
    std::string refusal = {};  // why there is no lasting place
    std::string refusal_hint = {};

    void add_to(operation::Plan& plan) const;
};

// From place_options(): nowhere, s3://BUCKET/FOLDER, a folder, or the usual one; in a container, whose disk
// ends with it, the latter is a refusal. Throws UsageError. No longer used than the context lives.
Place place(const cli::Context& context);

// What of it a task on ECS would lose, for cli::Command::disk_use.
std::optional<cli::DiskUse> disk_use(const settings::Values& values);

// A folder.
Place in_folder(const std::filesystem::path& folder);

}  // namespace tti::undo
