#pragma once

#include <functional>
#include <span>

#include "key_space/session.hpp"
#include "stale_records/remover.hpp"

namespace tti::stale_records {

// Goes once through the Network Server's queue of messages for applications, and hands out those of devices
// that the Identity Server did not know, some at a time.
void each_stale_entry(key_space::Session& session, const Known& known,
                      const std::function<void(std::span<const Remover::Entry>)>& entries);

}  // namespace tti::stale_records
