#include "lorawan/message_pack.hpp"

#include "entries.hpp"
#include "lorawan/structure_json.hpp"
#include "promise.hpp"

namespace tti::fuzz {
namespace {

// Takes whatever is asked for until nothing fits; the sizes that it is told are not to be believed.
void read_any(std::string_view orders, std::string_view bytes) {
    lorawan::message_pack::Reader reader(bytes);
    for (const char order : orders) {
        switch (static_cast<unsigned char>(order) % 4) {
            case 0:
                if (!reader.map()) return;
                break;
            case 1:
                if (const auto text = reader.text(); !text || text->size() > bytes.size()) return;
                break;
            case 2:
                if (!reader.number()) return;
                break;
            default:
                if (!reader.boolean()) return;
        }
        if (reader.at_end()) return;
    }
}

void text_comes_back(std::string_view text) {
    std::string packed;
    lorawan::message_pack::append_text(packed, text);
    lorawan::message_pack::Reader reader(packed);
    promise(reader.text() == text && reader.at_end(), "a text that does not come back");
}

}  // namespace

void message_pack(std::string_view input) {
    constexpr std::size_t orders = 8;
    read_any(input.substr(0, orders), input.substr(std::min(orders, input.size())));
    text_comes_back(input);
    if (const auto structure = lorawan::structure_to_json(input, false)) {
        promise(lorawan::structure_to_json(input, true).has_value(), "a mask that changes what can be read");
    }
}

}  // namespace tti::fuzz
