#pragma once

#include <optional>
#include <string>

#include "aws/ecs.hpp"
#include "aws/service.hpp"
#include "ecs/log_lines.hpp"
#include "operation/reporter.hpp"

namespace tti::ecs {

// Where the operations task writes, by its definition.
struct LogPlace {
    std::string group;
    std::string region;
    std::string stream_prefix;
    [[nodiscard]] std::string stream(const std::string& task_id) const;
};

// Nothing where its container writes elsewhere than to CloudWatch Logs, or to streams whose names cannot be
// known.
std::optional<LogPlace> log_place(const aws::TaskDefinition& definition, const std::string& region);

// Shows the log of one task as it comes: lines of this program as if it ran here, all others as results as
// they are. Used from one thread.
class TaskLog {
  public:
    // The reporter has to outlive it.
    TaskLog(aws::Service logs, LogPlace place, const std::string& task_id, operation::Reporter& reporter);

    // Shows what has come; whether anything has. Throws what the service throws, having lost nothing.
    bool read();
    // Looks once more for lines that must have been there. For when no more come.
    void read_missing();
    // Shows the beginning of a line whose end never came.
    void show_rest();

    [[nodiscard]] const LogLines& lines() const { return lines_; }
    [[nodiscard]] bool has_stream() const { return has_stream_; }
    // Whether the last read() came to the end of what there is so far.
    [[nodiscard]] bool at_end() const { return at_end_; }
    // Whether the command told an error itself.
    [[nodiscard]] bool told_error() const { return told_error_; }

  private:
    bool show(const std::vector<LogLine>& lines);

    aws::Service logs_;
    LogPlace place_;
    std::string stream_;
    operation::Reporter& reporter_;
    LogLines lines_;
    std::string next_;
    bool has_stream_ = false;
    bool at_end_ = false;
    bool told_error_ = false;
};

}  // namespace tti::ecs
