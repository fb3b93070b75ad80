#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/own_commands.hpp"
#include "util/version.hpp"

namespace tti::cli {
namespace {

constexpr std::string_view compiler =
#if defined(__clang__)
    "Clang " __clang_version__;
#else
    "GCC " __VERSION__;
#endif

constexpr std::string_view platform =
#if defined(__x86_64__)
    "linux/amd64";
#elif defined(__aarch64__)
    "linux/arm64";
#else
        "linux/other";
#endif

// The stack's shape: the label fills 20 columns.
std::string line(std::string_view label, std::string_view value) {
    return fmt::format("{:<20} {}\n", label, value);
}

ExitCode version(Context& context) {
    std::string text = fmt::format("The Things Stack for LoRaWAN: {}\n", context.program.name);
    text += line("Version:", util::version());
    if (!util::commit().empty()) text += line("Git commit:", util::commit());
    text += line("Compiler:", compiler) + line("OS/Arch:", platform);
    context.reporter.result(text, {{"version", util::version()},
                                   {"commit", util::commit()},
                                   {"compiler", compiler},
                                   {"platform", platform}});
    return ExitCode::done;
}

}  // namespace

Command version_command() {
    return {.name = "version",
            .summary = "Show the version of this program",
            .examples = {{"version --output json", "for a script"}},
            .run = version};
}

}  // namespace tti::cli
