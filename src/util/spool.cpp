#include "util/spool.hpp"

namespace tti::util {

Spool::Spool(std::size_t partitions, std::size_t most_memory)
    : partitions_(partitions), most_memory_(most_memory) {}

void Spool::append(std::size_t partition, std::string_view bytes) {
    partitions_[partition].latest += bytes;
    in_memory_ += bytes.size();
    if (in_memory_ > most_memory_) write_out();
}

void Spool::write_out() {
    for (auto& [latest, blocks] : partitions_) {
        if (latest.empty()) continue;
        blocks.push_back({file_.append(latest), latest.size()});
        latest.clear();
    }
    in_memory_ = 0;
}

std::string Spool::read(std::size_t partition) const {
    std::string bytes;
    read(partition, bytes);
    return bytes;
}

void Spool::read(std::size_t partition, std::string& bytes) const {
    const auto& [latest, blocks] = partitions_[partition];
    std::size_t size = latest.size();
    for (const auto& block : blocks) size += block.size;
    bytes.clear();
    bytes.reserve(size);
    for (const auto& block : blocks) file_.read(block.offset, block.size, bytes);
    bytes += latest;
}

}  // namespace tti::util
