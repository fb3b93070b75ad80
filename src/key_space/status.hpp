#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "key_space/session.hpp"
#include "operation/amount.hpp"
#include "operation/condition.hpp"

namespace tti::key_space {

// The options of a command "status": those of bulk work, and --quick.
std::vector<settings::Option> status_options();
// Whether the keys are to be looked through, which takes as long as there are keys.
bool looks_through(const settings::Values& values);

// What every status tells. `version` is the recorded one; `left` is what of older layouts is there although
// the newest version is recorded.
operation::Condition condition(Session& session, std::int32_t version, const operation::Amounts& left);

// "Redis 7.0.15 at localhost:6379", and what it keeps on disk.
std::string server_text(const operation::Condition& condition);

}  // namespace tti::key_space
