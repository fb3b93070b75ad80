#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "operation/plan.hpp"
#include "util/error.hpp"

namespace tti::operation {

enum class Level { debug, info, warn, error, fatal };

struct Progress {
    std::string step;        // name of the step that runs
    std::size_t number = 0;  // its place, from 1
    std::size_t of = 0;      // how many steps there are
    std::string unit;        // "applications"; empty: the step is not counted
    std::int64_t done = 0;
    std::int64_t total = 0;  // 0: unknown
};

// What a command has to tell, in several faces: terminal, plain lines, JSON lines. Results go to standard
// output, everything else to standard error. Called from one thread.
class Reporter {
  public:
    Reporter() = default;
    Reporter(const Reporter&) = delete;
    Reporter& operator=(const Reporter&) = delete;
    virtual ~Reporter() = default;

    // `fields` is a JSON object; values of secrets never get here.
    virtual void log(Level level, std::string_view message, const nlohmann::json& fields) = 0;
    void log(Level level, std::string_view message);
    // Shown before it runs; in a dry run it is the result.
    virtual void plan(const Plan& plan, bool dry_run) = 0;
    virtual void progress(const Progress& progress) = 0;
    virtual void step_done(const Step& step, const Amounts& counts, std::chrono::milliseconds took) = 0;
    // The one result of a command: `text` for people (may be empty), `data` for programs.
    virtual void result(std::string_view text, const nlohmann::json& data) = 0;
    virtual void error(const Error& error) = 0;
};

}  // namespace tti::operation
