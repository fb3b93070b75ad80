#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "util/expected.hpp"

namespace tti::identity_server {

// "70B3D57ED0000000/36": the EUIs that share the first `length` bits.
struct EuiPrefix {
    std::uint64_t eui = 0;
    int length = 0;  // 0 to 64
    // Refuses bits set behind the length, and says the prefix that was probably meant.
    static Expected<EuiPrefix> parse(std::string_view text);
    [[nodiscard]] std::string text() const;
};

// A row of eui_blocks: EUIs start_eui + counter, for every counter up to end_counter.
struct EuiBlock {
    std::uint64_t start = 0;
    std::int64_t end_counter = 0;
    std::int64_t current_counter = 0;
    // Refuses a length of 0 (its last counter does not fit the column), and a counter outside of the block.
    static Expected<EuiBlock> make(const EuiPrefix& prefix, std::int64_t initial_counter);
    [[nodiscard]] bool overlaps(const EuiBlock& other) const;
};

std::string format_eui(std::uint64_t eui);  // 16 upper-case hexadecimal digits

}  // namespace tti::identity_server
