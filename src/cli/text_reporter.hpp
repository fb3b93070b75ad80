#pragma once

#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "cli/log_line.hpp"
#include "cli/progress_meter.hpp"
#include "cli/terminal.hpp"
#include "operation/display.hpp"

namespace tti::cli {

// For people. On a terminal one line with a bar is redrawn at its place and cleared before any other line;
// elsewhere progress is a log line every five seconds. Elsewhere and with log.format=json, every line of the
// messages is a JSON log line, plans and errors too.
class TextReporter final : public operation::Reporter, public operation::Display {
  public:
    TextReporter(Terminal terminal, LogStyle style) : terminal_(std::move(terminal)), style_(style) {}
    TextReporter(const TextReporter&) = delete;
    TextReporter& operator=(const TextReporter&) = delete;
    ~TextReporter() override;

    using operation::Reporter::log;
    void log(operation::Level level, std::string_view message, const nlohmann::json& fields) override;
    void plan(const operation::Plan& plan, bool dry_run) override;
    void progress(const operation::Progress& progress) override;
    void step_done(const operation::Step& step, const operation::Amounts& counts,
                   std::chrono::milliseconds took) override;
    void result(std::string_view text, const nlohmann::json& data) override;
    void error(const Error& error) override;
    void refresh(std::string_view text, const nlohmann::json& data) override;
    [[nodiscard]] bool colours_results() const override { return style_.colour && terminal_.screen; }

  private:
    using Time = std::chrono::steady_clock::time_point;

    void line(std::string_view text);
    void labelled(std::string_view label, std::string_view colour, std::string_view text);
    void log_plan(const operation::Plan& plan);
    [[nodiscard]] bool writes_for_a_program() const;
    void draw_bar();
    void clear_bar();

    Terminal terminal_;
    LogStyle style_;
    ProgressMeter meter_;
    std::optional<Time> last_drawn_;
    bool bar_shown_ = false;
    bool refreshed_ = false;
};

}  // namespace tti::cli
