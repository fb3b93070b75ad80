#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "key_space/session.hpp"
#include "network_server/guarded_change.hpp"

namespace tti::network_server {

// Work on records while servers of the stack may be writing them: what is to be changed is made from the
// values as they are read, and is done only if they are still the same.
class RecordWork {
  public:
    RecordWork() = default;
    RecordWork(const RecordWork&) = delete;
    RecordWork& operator=(const RecordWork&) = delete;
    virtual ~RecordWork() = default;

    // For each of `items` (numbers of the keys given to settle()) with the value of its record: the change,
    // or nothing where there is nothing to do any more. May read from the server; is asked again for what has
    // changed meanwhile.
    virtual std::vector<std::optional<GuardedChange>> changes(
        std::span<const std::size_t> items, std::span<const std::optional<std::string>> values) = 0;
    // Called once for an item whose change was written, or that could not be done.
    virtual void done(std::size_t item) = 0;
    virtual void failed(std::size_t item, const std::string& reason) = 0;
};

// Settles every item: together, then once more what was busy or changed, then one by one under its mutex.
void settle(key_space::Session& session, std::span<const std::string> record_keys, RecordWork& work);

}  // namespace tti::network_server
