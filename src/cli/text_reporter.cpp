#include "cli/text_reporter.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/plan_text.hpp"
#include "cli/text_layout.hpp"
#include "util/text.hpp"

namespace tti::cli {
namespace {

constexpr std::chrono::milliseconds redraw_interval{100};
constexpr std::chrono::seconds plain_interval{5};
// Lines for a file or a log are as wide as people still like to read.
constexpr std::size_t plain_width = 110;

constexpr std::string_view red = "\033[31m";
constexpr std::string_view cyan = "\033[36m";

std::string full_name(const operation::Step& step) {
    const auto place = step.database.empty() || step.group.empty() ? step.database + step.group
                                                                   : step.database + " " + step.group;
    return place.empty() ? step.name : fmt::format("{}: {}", place, step.name);
}

}  // namespace

TextReporter::~TextReporter() {
    clear_bar();
}

void TextReporter::log(operation::Level level, std::string_view message, const nlohmann::json& fields) {
    if (level >= style_.least) line(log_line(level, message, fields, style_));
}

void TextReporter::plan(const operation::Plan& plan, bool dry_run) {
    clear_bar();
    // Who asked for less sees it all the same where something is to be agreed to.
    if (!dry_run && style_.least > operation::Level::info && plan.confirmation.empty()) return;
    if (!dry_run && writes_for_a_program()) return log_plan(plan);
    auto& stream = dry_run ? terminal_.results : terminal_.messages;
    stream << plan_text(plan, dry_run, terminal_.interactive ? terminal_.width : plain_width) << std::flush;
}

// Step by step, since log drivers cut what is longer than some kilobytes.
void TextReporter::log_plan(const operation::Plan& plan) {
    auto data = plan_data(plan, false);
    const auto steps = std::move(data["steps"]);
    data["steps"] = steps.size();
    data.erase("event");
    line(log_line(operation::Level::info, "Plan: " + plan.title, data, style_));
    for (const auto& step : steps) line(log_line(operation::Level::info, "Planned step", step, style_));
}

void TextReporter::progress(const operation::Progress& progress) {
    const auto now = terminal_.now();
    const bool other_step = progress.number != meter_.last().number;
    meter_.update(progress, now);
    if (!last_drawn_) last_drawn_ = now;
    if (terminal_.interactive) {
        if (!bar_shown_ || other_step || now - *last_drawn_ >= redraw_interval) draw_bar();
    } else if (now - *last_drawn_ >= plain_interval) {
        last_drawn_ = now;
        log(operation::Level::info, progress_text(meter_, false));
    }
}

void TextReporter::step_done(const operation::Step& step, const operation::Amounts& counts,
                             std::chrono::milliseconds took) {
    if (!terminal_.interactive) {
        auto fields = nlohmann::json{{"step", step.name}, {"took", short_duration(took)}};
        if (!step.database.empty()) fields["database"] = step.database;
        if (!step.group.empty()) fields["tenant"] = step.group;
        if (!counts.empty()) fields["counts"] = amounts_data(counts);
        log(operation::Level::info, "Step done", fields);
    } else if (style_.least <= operation::Level::info) {
        const auto amounts = counts.empty() ? "" : describe(counts) + ", ";
        line(fmt::format("done  {} ({}{})", full_name(step), amounts, short_duration(took)));
    }
}

void TextReporter::result(std::string_view text, const nlohmann::json& /*data*/) {
    clear_bar();
    if (text.empty()) return;
    terminal_.results << text << (text.ends_with('\n') ? "" : "\n") << std::flush;
}

void TextReporter::refresh(std::string_view text, const nlohmann::json& data) {
    if (!terminal_.screen) return result(fmt::format("{}\n", text), data);
    clear_bar();
    auto lines = util::split(text.substr(0, text.find_last_not_of('\n') + 1), '\n');
    if (lines.size() >= terminal_.height) {
        const auto left = lines.size() - (terminal_.height - 2);
        lines.resize(terminal_.height - 2);
        lines.push_back(fmt::format("({} more lines)", left));
    }
    // Written over from the top, each line cleared behind its end, so that nothing flickers.
    terminal_.results << (refreshed_ ? "\033[H" : "\033[H\033[2J");
    for (const auto& line : lines) terminal_.results << line << "\033[K\n";
    terminal_.results << "\033[J" << std::flush;
    refreshed_ = true;
}

void TextReporter::error(const Error& error) {
    if (writes_for_a_program()) {
        return line(log_line(operation::Level::error, error.what(),
                             {{"hint", error.hint()},
                              {"code", tti::name_of(error.code())},
                              {"exit_code", static_cast<int>(error.code())}},
                             style_));
    }
    labelled("error", red, error.what());
    if (!error.hint().empty()) labelled("hint", cyan, error.hint());
}

void TextReporter::labelled(std::string_view label, std::string_view colour, std::string_view text) {
    const auto shown = printable_lines(text);
    line(style_.colour ? fmt::format("{}{}:\033[0m {}", colour, label, shown)
                       : fmt::format("{}: {}", label, shown));
}

void TextReporter::line(std::string_view text) {
    clear_bar();
    terminal_.messages << text << '\n' << std::flush;
}

bool TextReporter::writes_for_a_program() const {
    return style_.json && !terminal_.interactive;
}

void TextReporter::draw_bar() {
    // One column is left free: a full line would wrap and could not be redrawn.
    terminal_.messages << "\r\033[K" << shorten(progress_text(meter_, true), terminal_.width - 1)
                       << std::flush;
    bar_shown_ = true;
    last_drawn_ = terminal_.now();
}

void TextReporter::clear_bar() {
    if (!bar_shown_) return;
    terminal_.messages << "\r\033[K" << std::flush;
    bar_shown_ = false;
}

}  // namespace tti::cli
