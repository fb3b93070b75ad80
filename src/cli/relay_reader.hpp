#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <nlohmann/json.hpp>

#include "operation/reporter.hpp"

namespace tti::cli {

// A line of relay_reporter.hpp.
struct RelayedLine {
    std::size_t number = 0;  // from 1
    nlohmann::json event;
    // Of the last line of a run.
    [[nodiscard]] std::optional<ExitCode> exit_code() const;
};

// Whether a text begins as such a line does, complete or not.
bool begins_relayed(std::string_view text);
// Nothing for what is no such line, or not all of one.
std::optional<RelayedLine> parse_relayed(std::string_view text);

// Tells `reporter` what the line's run told its own. False for a line that this build cannot read.
bool replay(const RelayedLine& line, operation::Reporter& reporter);

}  // namespace tti::cli
