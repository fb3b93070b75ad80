#pragma once

#include <functional>

#include "backup/key_reader.hpp"
#include "backup/manifest.hpp"
#include "backup/stream.hpp"
#include "operation/runner.hpp"

namespace tti::backup {

// Writes the keys of the place into the sink, and tells what they were.
KeysEntry back_up_keys(redis::Connection& connection, const KeyPlace& place, Sink& to,
                       operation::StepContext& context);

}  // namespace tti::backup
