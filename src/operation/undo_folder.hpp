#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>

#include "operation/undo_target.hpp"

namespace tti::operation {

// An undo file in a folder: one file, for its owner alone (mode 0600), synchronized after every piece.
class UndoInFolder final : public UndoTarget {
  public:
    explicit UndoInFolder(std::filesystem::path path) : path_(std::move(path)) {}

    [[nodiscard]] std::string display() const override { return path_.string(); }
    // Makes the folders above it too. Throws RefusedError.
    void begin(std::string_view header) override;
    void begin_piece() override;
    void write(std::string_view bytes) override;
    void end_piece() override;
    void abandon_piece() override;
    void remove() noexcept override;

  private:
    [[noreturn]] void fail(std::string_view what) const;

    std::filesystem::path path_;
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_{nullptr, &std::fclose};
    std::int64_t piece_start_ = 0;
};

}  // namespace tti::operation
