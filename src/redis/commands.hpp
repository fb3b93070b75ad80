#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tti::redis {

// Commands in the order in which they will be sent, already in the protocol's form.
class Commands {
  public:
    void add(std::span<const std::string_view> words);
    void add(std::initializer_list<std::string_view> words) {
        add(std::span<const std::string_view>(words.begin(), words.size()));
    }
    template <std::convertible_to<std::string_view>... Words>
    void add(const Words&... words) {
        add({std::string_view{words}...});
    }
    // Leading words, then a list: MGET and keys, UNLINK and keys.
    void add_list(std::initializer_list<std::string_view> head, std::span<const std::string> rest);

    void clear();
    // Clears, and overwrites what stood there: a password.
    void wipe();
    [[nodiscard]] std::size_t size() const { return names_.size(); }
    [[nodiscard]] bool empty() const { return names_.empty(); }
    [[nodiscard]] const std::string& bytes() const { return bytes_; }
    // First word of each command; "XGROUP CREATE" for those with a second.
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

  private:
    std::string bytes_;
    std::vector<std::string> names_;
    std::vector<std::string_view> words_;  // kept to save allocations
};

}  // namespace tti::redis
