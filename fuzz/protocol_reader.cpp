#include <string>

#include "entries.hpp"
#include "promise.hpp"
#include "redis/error.hpp"
#include "redis/reader.hpp"

namespace tti::fuzz {
namespace {

// A text for what a reply is, so that two can be compared. Every way of asking a reply is used.
std::string describe(redis::ReplyView reply) {
    if (reply.is_nil()) return "nil";
    if (reply.is_error()) return "error " + std::string(reply.error());
    if (reply.is_text()) return "text " + std::string(reply.text());
    if (reply.is_integer()) return "integer " + std::to_string(reply.integer());
    if (!reply.is_array()) return "other";
    std::string list = "[";
    for (std::size_t index = 0; index < reply.size(); ++index) {
        list += describe(reply[index]) + ",";
    }
    return list + "]";
}

// All replies of the input, which comes in pieces of this size.
std::string read(std::string_view input, std::size_t piece) {
    redis::Reader reader;
    std::string replies;
    try {
        while (!input.empty()) {
            const std::string_view part = input.substr(0, piece);
            input.remove_prefix(part.size());
            reader.feed(part);
            while (redisReply* reply = reader.next()) {
                replies += describe(redis::Reply(reply).view()) + "\n";
            }
        }
    } catch (const redis::ProtocolError&) {
        replies += "malformed\n";
    }
    return replies;
}

}  // namespace

void protocol_reader(std::string_view input) {
    // A malformed part may be found before or after more of it came, but whole replies are the same.
    const std::string at_once = read(input, input.size() + 1);
    const std::string in_pieces = read(input, 3);
    promise(at_once == in_pieces, "replies that depend on how they came");
}

}  // namespace tti::fuzz
