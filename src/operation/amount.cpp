#include "operation/amount.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace tti::operation {

void add(Amounts& amounts, const std::string& what, std::int64_t number) {
    const auto existing = std::ranges::find(amounts, what, &Amount::what);
    if (existing == amounts.end()) {
        amounts.push_back({what, number});
    } else {
        existing->number += number;
    }
}

void add_if_any(Amounts& amounts, const std::string& what, std::int64_t number) {
    if (number > 0) add(amounts, what, number);
}

std::string describe(const Amounts& amounts) {
    std::string text;
    for (const auto& amount : amounts) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", amount.number, amount.what);
    }
    return text;
}

}  // namespace tti::operation
