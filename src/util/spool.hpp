#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tti::util {

// Bytes by partition, so that more than fits into memory can be grouped: kept in memory while they are few,
// then in a temporary file without a name, which is gone with the process however that ends.
class Spool {
  public:
    Spool(std::size_t partitions, std::size_t most_memory);

    [[nodiscard]] std::size_t partitions() const { return partitions_.size(); }
    // Throws RefusedError where the temporary folder (TMPDIR) does not take them.
    void append(std::size_t partition, std::string_view bytes);
    // All of the partition, in the order in which it came.
    [[nodiscard]] std::string read(std::size_t partition) const;

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
    std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_{nullptr, std::fclose};
    std::int64_t file_size_ = 0;
};

}  // namespace tti::util
