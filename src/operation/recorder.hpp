#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "operation/reporter.hpp"

namespace tti::operation {

// Keeps what a command tells, for one that runs it and tells it in its own words. Progress and finished steps
// are passed over.
class Recorder final : public Reporter {
  public:
    using Reporter::log;
    void log(Level level, std::string_view message, const nlohmann::json& fields) override;
    void plan(const Plan& plan, bool dry_run) override;
    void progress(const Progress& /*progress*/) override {}
    void step_done(const Step& /*step*/, const Amounts& /*counts*/,
                   std::chrono::milliseconds /*took*/) override {}
    void result(std::string_view text, const nlohmann::json& data) override;
    void error(const Error& error) override;

    // In the order in which they were shown. Their steps must not be run: what they refer to is gone.
    [[nodiscard]] const std::vector<Plan>& plans() const { return plans_; }
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] const nlohmann::json& data() const { return data_; }  // null where there was no result
    [[nodiscard]] const std::vector<std::string>& warnings() const { return warnings_; }

  private:
    std::vector<Plan> plans_;
    std::string text_;
    nlohmann::json data_;
    std::vector<std::string> warnings_;
};

}  // namespace tti::operation
