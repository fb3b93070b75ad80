#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "util/temporary_file.hpp"

namespace tti::util {

// Bytes by partition, so that more than fits into memory can be grouped: kept in memory while they are few,
// then in a temporary file.
class Spool {
  public:
    Spool(std::size_t partitions, std::size_t most_memory);

    [[nodiscard]] std::size_t partitions() const { return partitions_.size(); }
    // Throws RefusedError where the temporary folder (TMPDIR) does not take them.
    void append(std::size_t partition, std::string_view bytes);
    // All of the partition, in the order in which it came.
    [[nodiscard]] std::string read(std::size_t partition) const;
    // The same in place of what `bytes` held, whose memory is used again.
    void read(std::size_t partition, std::string& bytes) const;

  private:
    struct Block {
        std::int64_t offset = 0;
        std::size_t size = 0;
    };
    struct Partition {
        std::string latest;  // not in the file yet
        std::vector<Block> blocks;
    };
    void write_out();

    std::vector<Partition> partitions_;
    std::size_t most_memory_;
    std::size_t in_memory_ = 0;
    TemporaryFile file_;
};

}  // namespace tti::util
