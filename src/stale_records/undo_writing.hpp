#pragma once

#include <vector>

#include "key_space/undo.hpp"
#include "redis/connection.hpp"
#include "stale_records/guarded_removal.hpp"

namespace tti::stale_records {

// A batch of an undo file that is abandoned unless end() is reached.
class UndoBatch {
  public:
    explicit UndoBatch(key_space::UndoRows& undo) : undo_(undo) { undo_.begin_batch(); }
    UndoBatch(const UndoBatch&) = delete;
    UndoBatch& operator=(const UndoBatch&) = delete;
    ~UndoBatch() {
        if (open_) undo_.abandon_batch();
    }
    void end() {
        undo_.end_batch();
        open_ = false;
    }

  private:
    key_space::UndoRows& undo_;
    bool open_ = true;
};

// Reads what will go besides the first deletion of each removal (the record itself), and writes it down.
void write_dependents_of(redis::Connection& connection, key_space::UndoRows& undo,
                         const std::vector<const Removal*>& removals);

}  // namespace tti::stale_records
