#include "lorawan/message.hpp"

#include "util/base64.hpp"

namespace tti::lorawan {

std::string encode_message(std::string_view message) {
    return util::base64(message);
}

Expected<std::string> decode_message(std::string_view text) {
    return util::parse_base64(text);
}

}  // namespace tti::lorawan
