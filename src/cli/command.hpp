#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/context.hpp"
#include "settings/option.hpp"
#include "util/exit_code.hpp"

namespace tti::cli {

struct Example {
    std::string arguments;  // after the program's name
    std::string what;       // what it does, a phrase
};

struct Command;
struct ParsedLine;

// A file or folder that a run reads, or leaves for later. A task on ECS has no disk that was there before or
// is there after it.
struct DiskUse {
    std::string what;       // "the archive"
    std::string place;      // as it was given; empty: where the command puts it by itself
    std::string hint = {};  // what to do besides naming a place in S3, a sentence
};

// Runs a command on another machine, since options of the program itself, which are the context's values, ask
// for it. `inputs` are the command's own options as far as the line says them.
using Elsewhere = std::function<ExitCode(Context&, const ParsedLine& line, const settings::Values& inputs)>;

enum class Effect {
    reads,   // changes nothing
    writes,  // gets --dry-run, --yes and --wait
};

// A command or a group of commands, as data. Parser, help, manual, completion and reference are rendered from
// it.
struct Command {
    std::string name;
    std::string summary;           // one line, starts with a verb, no full stop
    std::string description = {};  // paragraphs separated by an empty line
    // What stands after the command without "--name", in this order; required ones first. Values has them
    // under their names, which must differ from those of the options. The last may be a list: all that is
    // left, which stands after "--" where it is a command line itself.
    std::vector<settings::Option> arguments = {};
    std::vector<settings::Option> options = {};
    std::vector<std::string> settings =
        {};  // names of catalogue settings it uses; empty: reads no files, no environment
    std::vector<Example> examples = {};
    Effect effect = Effect::reads;
    bool hidden = false;
    bool only_here = false;  // it and its children make no sense on another machine
    // Whether its result holds a secret, which must not get where results are kept. Empty: never.
    std::function<bool(const settings::Values&)> tells_secret = {};
    // What it uses of a disk, by its options. Empty: nothing.
    std::function<std::optional<DiskUse>(const settings::Values&)> disk_use = {};
    std::function<ExitCode(Context&)> run = {};  // empty: a group
    // How it runs on another machine, where that is not as a whole.
    Elsewhere run_elsewhere = {};
    std::vector<Command> children = {};
};

// --dry-run, --yes and --wait, which every writing command has besides its own options.
const std::vector<settings::Option>& writing_options();

// For tells_secret: where the option is given.
std::function<bool(const settings::Values&)> when_given(std::string option);

// All flags of a command's own, the writing options included.
std::vector<settings::Option> flags_of(const Command& command);

// Its arguments, marked as positional.
std::vector<settings::Option> arguments_of(const Command& command);

// All that Values has of a command's own: arguments and flags.
std::vector<settings::Option> inputs_of(const Command& command);

// The names of commands from the program's down to this one: {"tti-lw-stack", "is-db", "migrate"}.
using Path = std::vector<std::string>;

// The child of that name; none: nullptr.
const Command* find_child(const Command& group, std::string_view name);

// Calls `visit` for `program` and everything below it, a parent before its children. Hidden ones come on
// request.
void walk(const Command& program, bool hidden_too,
          const std::function<void(const Path&, const Command&)>& visit);

}  // namespace tti::cli
