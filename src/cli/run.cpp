#include "cli/run.hpp"

#include <algorithm>
#include <memory>
#include <set>

#include "cli/command_line.hpp"
#include "cli/help.hpp"
#include "cli/json_reporter.hpp"
#include "cli/parser.hpp"
#include "cli/relay_reporter.hpp"
#include "cli/resolve_line.hpp"
#include "cli/text_reporter.hpp"
#include "settings/catalogue.hpp"

namespace tti::cli {
namespace {

constexpr std::size_t widest_help = 100;

// Whether errors are to be JSON, for those that end a run before its options are known.
bool asks_for_json(std::span<const std::string> arguments) {
    constexpr std::array<std::string_view, 2> two_words{"--output", "json"};
    return std::ranges::find(arguments, "--output=json") != arguments.end() ||
           std::search(arguments.begin(), arguments.end(), two_words.begin(), two_words.end()) !=
               arguments.end();
}

bool is_setting(const std::string& name) {
    return std::ranges::find(settings::catalogue(), name, &settings::Option::name) !=
           settings::catalogue().end();
}

class Run {
  public:
    Run(const Command& program, std::span<const std::string> arguments, const Outside& outside)
        : program_(program), arguments_(arguments), outside_(outside) {
        if (is_relayed(outside.surroundings.environment)) relay_.emplace(outside.terminal.messages);
        style_ = log_style({}, outside.surroundings.environment, outside.terminal.interactive);
        reporter_ = make_reporter(asks_for_json(arguments));
    }

    ExitCode operator()() {
        const auto code = outcome();
        if (relay_) relay_->end(code);
        return code;
    }

  private:
    ExitCode outcome() {
        try {
            const auto code = command();
            flush_results();
            return code;
        } catch (const Error& error) {
            return report(error);
        } catch (const std::exception& error) {
            return report(Error(ExitCode::unexpected, error.what(),
                                "This is a fault of the program: please report it with the command line and "
                                "everything that was printed."));
        }
    }

    [[nodiscard]] std::unique_ptr<operation::Reporter> make_reporter(bool json) {
        const auto& terminal = outside_.terminal;
        if (relay_) return std::make_unique<RelayReporter>(*relay_, style_.least, terminal.now);
        if (json) return std::make_unique<JsonReporter>(terminal, style_.least);
        return std::make_unique<TextReporter>(terminal, style_);
    }

    ExitCode command() {
        const auto line = parse(program_, settings::catalogue(), arguments_);
        if (line.help || !line.command->run) return show_help(line);
        if (!line.program_flags.empty()) return elsewhere(line);
        return call(line,
                    [this](const settings::Values& values) -> operation::Reporter& {
                        return take_output_settings(values);
                    },
                    outside_.stop, {}, {});
    }

    // Only what shapes the output here is read from files and variables: the rest is the other machine's.
    ExitCode elsewhere(const ParsedLine& line) {
        const auto inputs = resolve_words(line);
        take_output_settings(
            resolve_some({"output", "log.level", "log.format"}, line, outside_.surroundings));
        const auto values = settings::resolve_flags(flags_of(program_), line.program_flags).values;
        Context context{program_,
                        values,
                        outside_.surroundings,
                        *reporter_,
                        outside_.prompt,
                        outside_.stop,
                        outside_.standard_input,
                        shown_command_line(line, settings::catalogue())};
        const auto& own = line.command->run_elsewhere;
        return own ? own(context, line, inputs) : outside_.elsewhere(context, line, inputs);
    }

    // A command that another one runs gets the settings that were given to the outer one as flags, and is
    // adjusted as that was. What was told about the settings is not told again.
    ExitCode inner_command(const ParsedLine& outer, const Adjust& adjust, const std::set<std::string>& told,
                           std::span<const std::string> arguments, operation::Reporter& reporter,
                           util::Stop& stop) const {
        auto line = parse(program_, settings::catalogue(), arguments);
        if (!line.program_flags.empty())
            throw std::logic_error("a command within another one runs where that does");
        for (const auto& flag : outer.flags) {
            if (is_setting(flag.name)) line.flags.push_back(flag);
        }
        return call(
            line, [&reporter](const auto&) -> operation::Reporter& { return reporter; }, stop, adjust, told);
    }

    [[nodiscard]] Adjust decide(const ParsedLine& line) const {
        if (!outside_.adjust) return [](auto&, auto&) {};
        return outside_.adjust(resolve_some(outside_.decisive, line, outside_.surroundings));
    }

    ExitCode call(const ParsedLine& line,
                  const std::function<operation::Reporter&(const settings::Values&)>& reporter_for,
                  util::Stop& stop, Adjust adjust, std::set<std::string> told) const {
        auto resolution = resolve_line(line, outside_.surroundings);
        auto& reporter = reporter_for(resolution.values);
        for (const auto& warning : resolution.warnings) {
            if (told.insert(warning.message).second) reporter.log(operation::Level::warn, warning.message);
        }
        if (!line.command->settings.empty()) {
            if (!adjust) adjust = decide(line);
            adjust(resolution.values, reporter);
        }
        Context context{
            program_,
            resolution.values,
            outside_.surroundings,
            reporter,
            outside_.prompt,
            stop,
            outside_.standard_input,
            shown_command_line(line, settings::catalogue()),
            [this, &line, &adjust, &told](auto arguments, auto& inner_reporter, auto& inner_stop) {
                return inner_command(line, adjust, told, arguments, inner_reporter, inner_stop);
            }};
        return line.command->run(context);
    }

    ExitCode show_help(const ParsedLine& line) {
        const auto width =
            outside_.terminal.interactive ? std::min(outside_.terminal.width, widest_help) : widest_help;
        (line.help ? outside_.terminal.results : outside_.terminal.messages)
            << help(line.path, *line.command, settings::catalogue(), width) << std::flush;
        return line.help ? ExitCode::done : ExitCode::usage;
    }

    operation::Reporter& take_output_settings(const settings::Values& values) {
        style_ = log_style(values, outside_.surroundings.environment, outside_.terminal.interactive);
        reporter_ = make_reporter(values.text("output") == "json");
        return *reporter_;
    }

    // A result that could not be written must not look like a success.
    void flush_results() {
        outside_.terminal.results.flush();
        if (!outside_.terminal.results) {
            throw Error(ExitCode::unexpected, "the result could not be written to standard output",
                        "Look whether the disk that it goes to is full.");
        }
    }

    ExitCode report(const Error& error) {
        reporter_->error(error);
        return error.code();
    }

    const Command& program_;
    std::span<const std::string> arguments_;
    const Outside& outside_;
    std::optional<RelayStream> relay_;
    LogStyle style_;
    std::unique_ptr<operation::Reporter> reporter_;
};

}  // namespace

ExitCode run(const Command& program, std::span<const std::string> arguments, const Outside& outside) {
    return Run(program, arguments, outside)();
}

}  // namespace tti::cli
