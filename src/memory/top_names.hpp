#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tti::memory {

// The names that weigh most, in bounded memory: whenever there are twice as many as are kept, the lighter
// half is forgotten. Exact until then, and afterwards for every name that is among the heavy ones all along.
class TopNames {
  public:
    struct Name {
        std::string name;
        std::int64_t keys = 0;
        std::int64_t bytes = 0;
    };
    explicit TopNames(std::size_t kept = 2000) : kept_(kept) {}

    void add(std::string_view name, std::int64_t keys, std::int64_t bytes);
    // The heaviest by bytes, then by keys, first.
    [[nodiscard]] std::vector<Name> top(std::size_t most) const;
    [[nodiscard]] std::size_t size() const { return names_.size(); }
    [[nodiscard]] bool exact() const { return exact_; }

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };
    struct Weight {
        std::int64_t keys = 0;
        std::int64_t bytes = 0;
    };
    void forget_lighter_half();

    std::size_t kept_;
    std::unordered_map<std::string, Weight, Hash, std::equal_to<>> names_;
    bool exact_ = true;
};

}  // namespace tti::memory
