#pragma once

#include <functional>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "operation/reporter.hpp"

namespace tti::stack {

// Tells what a command tells to the reporter of the command that runs it, as a part of one run: its steps are
// counted on and carry the name of the database. Its plan and its result are kept.
class PassingReporter final : public operation::Reporter {
  public:
    struct Place {
        std::string group;                // "ns-db"
        std::string tenant_id;            // may be empty
        std::size_t before = 0;           // steps of the run that come before this command's
        std::size_t all = 0;              // steps of the run
        std::set<std::string> told = {};  // warnings that are not told again
    };
    // `judge` sees the command's plan before it runs; what it throws ends the command.
    PassingReporter(operation::Reporter& outer, Place place,
                    std::function<void(const operation::Plan&)> judge)
        : outer_(outer), place_(std::move(place)), judge_(std::move(judge)) {}

    using Reporter::log;
    void log(operation::Level level, std::string_view message, const nlohmann::json& fields) override;
    void plan(const operation::Plan& plan, bool dry_run) override;
    void progress(const operation::Progress& progress) override;
    void step_done(const operation::Step& step, const operation::Amounts& counts,
                   std::chrono::milliseconds took) override;
    void result(std::string_view text, const nlohmann::json& data) override;
    void error(const Error& error) override { outer_.error(error); }

    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] const nlohmann::json& data() const { return data_; }

  private:
    operation::Reporter& outer_;
    Place place_;
    std::function<void(const operation::Plan&)> judge_;
    std::string text_;
    nlohmann::json data_;
};

}  // namespace tti::stack
