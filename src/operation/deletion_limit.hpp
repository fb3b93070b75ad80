#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "settings/values.hpp"
#include "util/expected.hpp"

namespace tti::operation {

// The most that may go: a number, or a share of what there is.
struct DeletionLimit {
    std::string text;  // as given
    bool share = false;
    double value = 0;  // a number, or percent

    [[nodiscard]] bool allows(std::int64_t going, std::int64_t of) const;
};
Expected<DeletionLimit> parse_deletion_limit(std::string_view text);

// Option max-delete; nothing where it has no value. Throws UsageError with its source and what is accepted.
std::optional<DeletionLimit> deletion_limit(const settings::Values& values);

}  // namespace tti::operation
