#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "key_space/session.hpp"
#include "operation/amount.hpp"
#include "operation/condition.hpp"

namespace tti::key_space {

// The options of a command "status": those of bulk work, and --quick.
std::vector<settings::Option> status_options();
// Whether the keys are to be looked through, which takes as long as there are keys.
bool looks_through(const settings::Values& values);

// What every status tells of its database, and what is to be done.
struct Standing {
    operation::Condition condition;
    ExitCode code = ExitCode::done;
};
// `version` is the recorded one, the lowest where there are several; `left` is what of older layouts is there
// although the newest version is recorded.
Standing standing(Session& session, operation::Area area, std::int32_t version,
                  const operation::Amounts& left);

// "next: tti-lw-stack as-db migrate", or `nothing`, with a line break.
std::string next_text(const Standing& standing, std::string_view nothing = "nothing is due");

// The result of a status: `text` below what is told of the server, and `data` with what every status has.
ExitCode tell(Session& session, const Standing& standing, const std::string& text, nlohmann::json data);

}  // namespace tti::key_space
