#include "postgres/program_address.hpp"

#include <memory>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "postgres/uri_settings.hpp"

namespace tti::postgres {

Expected<ProgramAddress> program_address(const Uri& uri) {
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(uri.libpq().reveal().c_str(), nullptr), &PQconninfoFree);
    ProgramAddress address;
    for (const auto* option = options.get(); option != nullptr && option->keyword != nullptr; ++option) {
        const std::string_view value = option->val == nullptr ? "" : option->val;
        const std::string_view kind = option->dispchar;
        if (value.empty()) continue;
        if (option->envvar != nullptr) {
            address.variables[option->envvar] = value;
        } else if (kind == "*") {
            return unexpected(
                fmt::format("{} has no variable that other programs would read it from", option->keyword));
        } else {
            address.rest += fmt::format("{}{}={}", address.rest.empty() ? "" : " ", option->keyword,
                                        quote_keyword_value(value));
        }
    }
    return address;
}

}  // namespace tti::postgres
