#pragma once

#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "operation/reporter.hpp"

namespace tti::ecs {

// Tells what a task tells as one step of a larger run. Its plan, its result and its error are kept for
// whoever runs it.
class PartReporter final : public operation::Reporter {
  public:
    // `number` from 1, of `of`.
    PartReporter(operation::Reporter& outer, std::string name, std::size_t number, std::size_t of)
        : outer_(outer), name_(std::move(name)), number_(number), of_(of) {}

    using Reporter::log;
    void log(operation::Level level, std::string_view message, const nlohmann::json& fields) override;
    void plan(const operation::Plan& plan, bool /*dry_run*/) override { plan_ = plan; }
    void progress(const operation::Progress& progress) override;
    void step_done(const operation::Step& step, const operation::Amounts& counts,
                   std::chrono::milliseconds took) override;
    void result(std::string_view text, const nlohmann::json& /*data*/) override { text_ = text; }
    void error(const Error& error) override { error_ = error; }

    [[nodiscard]] const std::optional<operation::Plan>& told_plan() const { return plan_; }
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] const std::optional<Error>& told_error() const { return error_; }

  private:
    operation::Reporter& outer_;
    std::string name_;
    std::size_t number_;
    std::size_t of_;
    std::optional<operation::Plan> plan_;
    std::string text_;
    std::optional<Error> error_;
};

}  // namespace tti::ecs
