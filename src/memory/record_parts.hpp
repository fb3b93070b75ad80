#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace tti::memory {

// What the records of end devices consist of, by bytes of the message.
class RecordParts {
  public:
    // `text` is a Network Server's record as Redis holds it. What cannot be read counts as such.
    void add(std::string_view text);

    [[nodiscard]] std::int64_t records() const { return records_; }
    [[nodiscard]] std::int64_t unreadable() const { return unreadable_; }
    [[nodiscard]] std::int64_t bytes() const { return bytes_; }
    // "MAC states", "sessions", …
    [[nodiscard]] const std::map<std::string, std::int64_t>& by_part() const { return by_part_; }

  private:
    std::int64_t records_ = 0;
    std::int64_t unreadable_ = 0;
    std::int64_t bytes_ = 0;
    std::map<std::string, std::int64_t> by_part_;
};

}  // namespace tti::memory
