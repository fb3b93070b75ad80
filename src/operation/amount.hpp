#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tti::operation {

// How much something touches, in the words of the operator: {"end devices", 1204331}, {"bytes", 40960}.
struct Amount {
    std::string what;
    std::int64_t number = 0;
    bool operator==(const Amount&) const = default;
};
using Amounts = std::vector<Amount>;

// Adds to the amount of that name, or appends it.
void add(Amounts& amounts, const std::string& what, std::int64_t number);
void add_if_any(Amounts& amounts, const std::string& what, std::int64_t number);  // nothing for zero
std::string describe(const Amounts& amounts);                                     // "3 users, 12 memberships"

}  // namespace tti::operation
