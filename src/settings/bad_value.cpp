#include "settings/bad_value.hpp"

#include <fmt/format.h>

namespace tti::settings {

UsageError bad_value(const Values& values, std::string_view option, std::string_view shown,
                     std::string_view reason, std::string hint) {
    return UsageError(fmt::format("option {}{}{} ({}): {}", option, shown.empty() ? "" : " = ", shown,
                                  values.source(option).where, reason),
                      std::move(hint));
}

std::string in_quotes(std::string_view text) {
    return fmt::format("{:?}", text);
}

}  // namespace tti::settings
