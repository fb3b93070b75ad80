#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <ostream>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "cli/terminal.hpp"
#include "operation/reporter.hpp"

namespace tti::cli {

// What a run tells another run of this program, which shows it as if it were its own: relay_reader.hpp. Each
// line is a JSON object that begins with {"relay":N, numbered from 1, so that the other one sees what came
// twice, late or not at all; the last one has the exit code. All of it goes to standard error, as two streams
// would come in any order.

// The variable that asks for it. It is no setting: it is made by the run that listens, in the other's
// environment, where a program that does not know it is not disturbed.
constexpr auto relay_variable = "TTI_LW_RELAY";
bool is_relayed(const std::map<std::string, std::string>& environment);

class RelayStream {
  public:
    explicit RelayStream(std::ostream& stream) : stream_(stream) {}

    // `event` is a JSON object with at least "event".
    void tell(const nlohmann::json& event);
    void end(ExitCode code);

  private:
    std::ostream& stream_;
    std::size_t number_ = 0;
};

// Progress comes at most once a second.
class RelayReporter final : public operation::Reporter {
  public:
    RelayReporter(RelayStream& stream, operation::Level least, Clock now)
        : stream_(stream), least_(least), now_(std::move(now)) {}

    using operation::Reporter::log;
    void log(operation::Level level, std::string_view message, const nlohmann::json& fields) override;
    void plan(const operation::Plan& plan, bool dry_run) override;
    void progress(const operation::Progress& progress) override;
    void step_done(const operation::Step& step, const operation::Amounts& counts,
                   std::chrono::milliseconds took) override;
    void result(std::string_view text, const nlohmann::json& data) override;
    void error(const Error& error) override;

  private:
    RelayStream& stream_;
    operation::Level least_;
    Clock now_;
    std::optional<std::chrono::steady_clock::time_point> last_progress_;
};

}  // namespace tti::cli
