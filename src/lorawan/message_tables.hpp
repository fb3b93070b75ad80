#pragma once

#include <span>

#include "lorawan/message_schema.hpp"

namespace tti::lorawan {

// The tables of message_schema.hpp, in the order of MessageKind.
std::span<const MessageRule> device_messages();
std::span<const MessageRule> network_messages();
std::span<const MessageRule> application_messages();

}  // namespace tti::lorawan
