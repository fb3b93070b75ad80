#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "operation/plan.hpp"

namespace tti::operation {

// Something that changes a database. plan() reads only and may be called on a connection that cannot write.
// The runner calls verify() once, after all steps were done; it throws when the outcome is not what it should
// be.
class Operation {
  public:
    Operation() = default;
    Operation(const Operation&) = delete;
    Operation& operator=(const Operation&) = delete;
    virtual ~Operation() = default;

    virtual Plan plan() = 0;
    virtual void verify() {}
    // Told after all steps: a sentence or table for people, an object for programs.
    virtual std::string result_text() = 0;
    virtual nlohmann::json result_data() = 0;
};

}  // namespace tti::operation
