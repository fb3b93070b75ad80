#pragma once

#include <optional>

#include <nlohmann/json_fwd.hpp>

#include "cli/terminal.hpp"
#include "operation/reporter.hpp"

namespace tti::cli {

// For programs: every event is one JSON object on a line of standard error with "event" as log, plan,
// progress, step or error; the result is one object on standard output. Progress comes at most once a second.
class JsonReporter final : public operation::Reporter {
  public:
    JsonReporter(Terminal terminal, operation::Level least) : terminal_(std::move(terminal)), least_(least) {}

    using operation::Reporter::log;
    void log(operation::Level level, std::string_view message, const nlohmann::json& fields) override;
    void plan(const operation::Plan& plan, bool dry_run) override;
    void progress(const operation::Progress& progress) override;
    void step_done(const operation::Step& step, const operation::Amounts& counts,
                   std::chrono::milliseconds took) override;
    void result(std::string_view text, const nlohmann::json& data) override;
    void error(const Error& error) override;

  private:
    void event(const nlohmann::json& data);

    Terminal terminal_;
    operation::Level least_;
    std::optional<std::chrono::steady_clock::time_point> last_progress_;
};

}  // namespace tti::cli
