#include "operation/deletion_limit.hpp"

#include <charconv>
#include <cmath>

#include "settings/bad_value.hpp"

namespace tti::operation {

bool DeletionLimit::allows(std::int64_t going, std::int64_t of) const {
    const auto number = static_cast<double>(going);
    return share ? number * 100 <= value * static_cast<double>(of) : number <= value;
}

Expected<DeletionLimit> parse_deletion_limit(std::string_view text) {
    DeletionLimit result{.text = std::string(text)};
    result.share = text.ends_with('%');
    const auto number = text.substr(0, text.size() - (result.share ? 1 : 0));
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), result.value, std::chars_format::fixed);
    const bool whole = result.share || std::floor(result.value) == result.value;
    const bool in_range = result.value >= 0 && (!result.share || result.value <= 100);
    if (error != std::errc() || end != number.data() + number.size() || !std::isfinite(result.value) ||
        !whole || !in_range) {
        return unexpected("accepted: a number such as 500, or a share such as 5%");
    }
    return result;
}

std::optional<DeletionLimit> deletion_limit(const settings::Values& values) {
    if (!values.has("max-delete")) return std::nullopt;
    const auto& text = values.text("max-delete");
    auto parsed = parse_deletion_limit(text);
    if (!parsed)
        throw settings::bad_value(values, "max-delete", settings::in_quotes(text), parsed.error(), {});
    return std::move(*parsed);
}

}  // namespace tti::operation
