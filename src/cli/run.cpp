#include "cli/run.hpp"

#include <algorithm>
#include <memory>

#include "cli/command_line.hpp"
#include "cli/help.hpp"
#include "cli/json_reporter.hpp"
#include "cli/option_text.hpp"
#include "cli/parser.hpp"
#include "cli/text_reporter.hpp"
#include "settings/catalogue.hpp"

namespace tti::cli {
namespace {

constexpr std::size_t widest_help = 100;

// Whether errors are to be JSON, for those that end a run before its options are known.
bool asks_for_json(std::span<const std::string> arguments) {
    constexpr std::array<std::string_view, 2> two_words{"--output", "json"};
    return std::ranges::find(arguments, "--output=json") != arguments.end() ||
           !std::ranges::search(arguments, two_words).empty();
}

std::unique_ptr<operation::Reporter> make_reporter(const Terminal& terminal, const LogStyle& style,
                                                   bool json) {
    if (json) return std::make_unique<JsonReporter>(terminal, style.least);
    return std::make_unique<TextReporter>(terminal, style);
}

// The settings that the command uses, and those that were given as flags anyway, as the stack allows.
std::vector<settings::Option> wanted_settings(const ParsedLine& line) {
    auto wanted = settings_of(*line.command, settings::catalogue());
    for (const auto& option : settings::catalogue()) {
        const bool given =
            std::ranges::find(line.flags, option.name, &settings::FlagText::name) != line.flags.end();
        const bool there = std::ranges::find(wanted, option.name, &settings::Option::name) != wanted.end();
        if (given && !there) wanted.push_back(option);
    }
    return wanted;
}

bool is_setting(const std::string& name) {
    return std::ranges::find(settings::catalogue(), name, &settings::Option::name) !=
           settings::catalogue().end();
}

settings::Resolution resolve(const ParsedLine& line, const settings::Surroundings& surroundings) {
    auto wanted = wanted_settings(line);
    auto flags = inputs_of(*line.command);
    if (!line.command->settings.empty()) return settings::resolve(wanted, flags, line.flags, surroundings);
    flags.insert(flags.end(), wanted.begin(), wanted.end());
    return settings::resolve_flags(flags, line.flags);
}

// Some settings alone, whatever command the line is of.
settings::Values resolve_some(const std::vector<std::string>& names, const ParsedLine& line,
                              const settings::Surroundings& surroundings) {
    const auto is_one = [&names](const std::string& name) {
        return std::ranges::find(names, name) != names.end();
    };
    std::vector<settings::Option> options;
    std::ranges::copy_if(settings::catalogue(), std::back_inserter(options), is_one, &settings::Option::name);
    std::vector<settings::FlagText> flags;
    std::ranges::copy_if(
        line.flags, std::back_inserter(flags),
        [&is_one](const std::string& name) { return name == "config" || is_one(name); },
        &settings::FlagText::name);
    return settings::resolve(options, {}, flags, surroundings).values;
}

class Run {
  public:
    Run(const Command& program, std::span<const std::string> arguments, const Outside& outside)
        : program_(program), arguments_(arguments), outside_(outside) {
        style_ = log_style({}, outside.surroundings.environment, outside.terminal.interactive);
        reporter_ = make_reporter(outside.terminal, style_, asks_for_json(arguments));
    }

    ExitCode operator()() {
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

  private:
    ExitCode command() {
        const auto line = parse(program_, settings::catalogue(), arguments_);
        if (line.help || !line.command->run) return show_help(line);
        return call(line,
                    [this](const settings::Values& values) -> operation::Reporter& {
                        return take_output_settings(values);
                    },
                    outside_.stop, {});
    }

    // A command that another one runs gets the settings that were given to the outer one as flags, and is
    // adjusted as that was.
    ExitCode inner_command(const ParsedLine& outer, const Adjust& adjust,
                           std::span<const std::string> arguments, operation::Reporter& reporter,
                           util::Stop& stop) const {
        auto line = parse(program_, settings::catalogue(), arguments);
        for (const auto& flag : outer.flags) {
            if (is_setting(flag.name)) line.flags.push_back(flag);
        }
        return call(
            line, [&reporter](const auto&) -> operation::Reporter& { return reporter; }, stop, adjust);
    }

    [[nodiscard]] Adjust decide(const ParsedLine& line) const {
        if (!outside_.adjust) return [](auto&, auto&) {};
        return outside_.adjust(resolve_some(outside_.decisive, line, outside_.surroundings));
    }

    ExitCode call(const ParsedLine& line,
                  const std::function<operation::Reporter&(const settings::Values&)>& reporter_for,
                  util::Stop& stop, Adjust adjust) const {
        auto resolution = resolve(line, outside_.surroundings);
        auto& reporter = reporter_for(resolution.values);
        for (const auto& warning : resolution.warnings) reporter.log(operation::Level::warn, warning.message);
        if (!line.command->settings.empty()) {
            if (!adjust) adjust = decide(line);
            adjust(resolution.values, reporter);
        }
        Context context{program_,
                        resolution.values,
                        outside_.surroundings,
                        reporter,
                        outside_.prompt,
                        stop,
                        outside_.standard_input,
                        shown_command_line(line, settings::catalogue()),
                        [this, &line, &adjust](auto arguments, auto& inner_reporter, auto& inner_stop) {
                            return inner_command(line, adjust, arguments, inner_reporter, inner_stop);
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
        reporter_ = make_reporter(outside_.terminal, style_, values.text("output") == "json");
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
    LogStyle style_;
    std::unique_ptr<operation::Reporter> reporter_;
};

}  // namespace

ExitCode run(const Command& program, std::span<const std::string> arguments, const Outside& outside) {
    return Run(program, arguments, outside)();
}

}  // namespace tti::cli
