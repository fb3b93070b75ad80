#pragma once

#include <string>
#include <string_view>

namespace tti::operation {

// One undo file on its way to where it lies, piece by piece: a batch is one, and so is the mark at the end.
// Used from one thread.
class UndoTarget {
  public:
    UndoTarget() = default;
    UndoTarget(const UndoTarget&) = delete;
    UndoTarget& operator=(const UndoTarget&) = delete;
    virtual ~UndoTarget() = default;

    // As messages name it, and as restore takes it.
    [[nodiscard]] virtual std::string display() const = 0;
    // Once, before anything else. The header is durable with the first piece at the latest. Throws Error
    // where the file cannot be made or is there already; where pieces have to come first, they throw it.
    virtual void begin(std::string_view header) = 0;
    virtual void begin_piece() = 0;
    virtual void write(std::string_view bytes) = 0;
    // Returns when all that was written since begin_piece() is durable.
    virtual void end_piece() = 0;
    // Takes back the piece that was begun last, ended or not.
    virtual void abandon_piece() = 0;
    // Takes away a file in which no piece has ended.
    virtual void remove() noexcept = 0;
};

}  // namespace tti::operation
