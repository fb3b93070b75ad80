#include "entries.hpp"
#include "lorawan/message_json.hpp"
#include "promise.hpp"

namespace tti::fuzz {

void messages(std::string_view input) {
    if (input.empty()) return;
    const auto rules = lorawan::message_rules();
    const auto kind = rules[static_cast<unsigned char>(input.front()) % rules.size()].kind;
    const auto shown = to_json(kind, input.substr(1), lorawan::Secrets::shown);
    const auto masked = to_json(kind, input.substr(1), lorawan::Secrets::masked);
    promise(shown.has_value() == masked.has_value(), "a mask that changes what can be read");
    if (shown) promise(shown->dump().size() > 1 && masked->dump().size() > 1, "no JSON");
}

}  // namespace tti::fuzz
