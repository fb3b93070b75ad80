#include "doctor/version.hpp"

#include <charconv>

namespace tti::doctor {

Version version_of(std::string_view text) {
    Version version;
    for (int* part : {&version.major, &version.minor, &version.patch}) {
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *part);
        if (error != std::errc()) break;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (!text.starts_with('.')) break;
        text.remove_prefix(1);
    }
    return version;
}

}  // namespace tti::doctor
