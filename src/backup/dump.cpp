#include "backup/dump.hpp"

#include <fmt/format.h>

#include "postgres/connection.hpp"
#include "postgres/program_address.hpp"
#include "util/error.hpp"
#include "util/process.hpp"
#include "util/text.hpp"

namespace tti::backup {
namespace {

// What they may see of ours: where their libraries and the user's own files of libpq are.
bool passes_on(std::string_view name) {
    return name.starts_with("PG") || name == "PATH" || name == "HOME" || name == "LD_LIBRARY_PATH" ||
           name == "TMPDIR";
}

util::Program program_for(const PostgresProgram& program, const ProgramTarget& target,
                          std::vector<std::string> arguments) {
    auto address = postgres::program_address(target.uri);
    if (!address) {
        throw UsageError(fmt::format("the address {}: {}", target.uri.display(), address.error()),
                         "Use a key without a password of its own for this connection.");
    }
    auto variables = std::move(address->variables);
    for (const auto& [name, value] : target.surroundings.environment) {
        if (passes_on(name)) variables.try_emplace(name, value);
    }
    // Their messages are looked at.
    variables["LC_ALL"] = "C";
    variables["PGAPPNAME"] = "tti-lw-stack";
    util::Program result{{program.path.string(), "--no-password"}};
    for (auto& argument : arguments) result.arguments.push_back(std::move(argument));
    result.arguments.push_back("--dbname=" +
                               (address->rest.empty() ? "application_name=tti-lw-stack" : address->rest));
    for (const auto& [name, value] : variables) {
        result.environment.push_back(fmt::format("{}={}", name, value));
    }
    return result;
}

void require_success(const util::Finished& finished, const PostgresProgram& program,
                     const ProgramTarget& target, const std::string& schema) {
    if (finished.exit_code == 0) return;
    throw Error(ExitCode::unexpected,
                fmt::format("{} {} failed at schema {} of {} (exit code {}). It said: {}",
                            program.path.filename().string(), program.version, schema, target.uri.display(),
                            finished.exit_code, util::trim(finished.output)),
                "Mend what it names, then give the same command again.");
}

// pg_dump takes patterns: in double quotes every character is itself.
std::string schema_pattern(const std::string& schema) {
    return postgres::quote_identifier(schema);
}

}  // namespace

void dump_schema(const PostgresProgram& pg_dump, const ProgramTarget& target, const std::string& schema,
                 const std::string& snapshot, Sink& to) {
    const auto program = program_for(pg_dump, target,
                                     {"--format=custom", "--schema=" + schema_pattern(schema),
                                      "--snapshot=" + snapshot, "--lock-wait-timeout=60s"});
    const auto finished =
        util::run(program, {.output = [&to](std::string_view bytes) { to.write(bytes); }}, target.stop);
    require_success(finished, pg_dump, target, schema);
}

void restore_schema(const PostgresProgram& pg_restore, const ProgramTarget& target, const std::string& schema,
                    Source& from) {
    // With --schema it leaves out the schema itself, which is there.
    const auto program = program_for(pg_restore, target,
                                     {"--format=custom", "--schema=" + schema, "--single-transaction",
                                      "--exit-on-error", "--no-owner", "--no-privileges"});
    const util::Streams streams{.input = [&from](std::string& bytes) {
        constexpr std::size_t portion = std::size_t{1} << 16U;
        bytes.resize(portion);
        bytes.resize(from.read(bytes));
        return !bytes.empty();
    }};
    const auto finished = util::run(program, streams, target.stop);
    require_success(finished, pg_restore, target, schema);
}

}  // namespace tti::backup
