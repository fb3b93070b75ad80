#pragma once

#include <string_view>

namespace tti::operation {

// A named place where a test can end or hold the process. TTI_LW_FAIL_AT="NAME" or "NAME:N" (the N-th time)
// makes it raise SIGKILL there, so that no destructor runs: what a power cut or the out-of-memory killer
// does. TTI_LW_PAUSE_AT, written the same, makes it sleep there for three seconds. TTI_LW_LIST_POINTS=FILE
// adds the name of each point that is passed to that file, a line each, in the order of passing.
void failure_point(std::string_view name);

}  // namespace tti::operation
