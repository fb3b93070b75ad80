#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "aws/logs.hpp"
#include "cli/relay_reader.hpp"

namespace tti::ecs {

// A line of a task's log: one of a run of this program, or what something else printed.
using LogLine = std::variant<cli::RelayedLine, std::string>;

// Makes lines of what CloudWatch Logs has of a task. Log drivers cut long lines into several events and may
// send some of them again; pages may overlap. Numbered lines come out once each, whatever happened to them;
// others once for each event.
class LogLines {
  public:
    // The lines that the events complete, in order.
    std::vector<LogLine> add(std::span<const aws::LogEvent> events);
    // The stream is read again from its beginning: what came out does not do so again. Lines without numbers
    // are passed over until then.
    std::vector<LogLine> add_again(std::span<const aws::LogEvent> all_events);
    // What is left of a line whose end has not come.
    std::vector<LogLine> rest();

    [[nodiscard]] bool numbered() const { return last_number_ > 0; }
    // Every line of a run has come, its last one too.
    [[nodiscard]] bool is_whole() const { return exit_code_ && missing() == 0; }
    // Numbers below the highest one that have not come.
    [[nodiscard]] std::size_t missing() const { return last_number_ - seen_; }
    [[nodiscard]] std::optional<ExitCode> exit_code() const { return exit_code_; }

  private:
    [[nodiscard]] std::size_t overlap(std::span<const aws::LogEvent> events) const;
    void remember(const aws::LogEvent& event);
    [[nodiscard]] bool is_repeated(const aws::LogEvent& event) const;
    void take(const aws::LogEvent& event, std::vector<LogLine>& lines);
    void take_number(cli::RelayedLine line, std::vector<LogLine>& lines);

    std::deque<aws::LogEvent> recent_;
    std::string begun_;                    // a numbered line whose end has not come
    std::set<std::size_t> numbers_above_;  // that have come, above `whole_until_`
    std::size_t whole_until_ = 0;          // all numbers until this one have come
    std::size_t seen_ = 0;
    std::size_t last_number_ = 0;
    std::optional<ExitCode> exit_code_;
};

}  // namespace tti::ecs
