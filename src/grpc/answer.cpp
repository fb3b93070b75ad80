#include "grpc/answer.hpp"

#include <charconv>
#include <cstdint>

#include "util/percent.hpp"
#include "util/text.hpp"

namespace tti::grpc {
namespace {

constexpr std::size_t prefix_size = 5;

std::uint32_t length_of(std::string_view prefix) {
    std::uint32_t length = 0;
    for (const char byte : prefix.substr(1, 4)) length = (length << 8U) | static_cast<unsigned char>(byte);
    return length;
}

int number(std::string_view text, int otherwise) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? value : otherwise;
}

}  // namespace

void Answer::header_line(std::string_view line) {
    line = util::trim(line);
    if (line.starts_with("HTTP/")) {  // of an informational answer or of the final one
        header_.clear();
        in_trailer_ = false;
        const auto words = util::words(line);
        http_status_ = words.size() > 1 ? number(words[1], 0) : 0;
    } else if (line.empty()) {
        in_trailer_ = true;
    } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
        auto& fields = in_trailer_ ? trailer_ : header_;
        fields[util::lower(line.substr(0, colon))] = util::trim(line.substr(colon + 1));
    }
}

bool Answer::body(std::string_view bytes) {
    too_large_ = body_.size() + bytes.size() > largest_message_ + prefix_size;
    if (!too_large_) body_ += bytes;
    return !too_large_;
}

std::string Answer::field(const std::string& name) const {
    for (const auto* fields : {&trailer_, &header_}) {
        if (const auto found = fields->find(name); found != fields->end()) return found->second;
    }
    return {};
}

int Answer::status() const {
    return number(field("grpc-status"), -1);
}

std::string Answer::status_message() const {
    return util::percent_decoded(field("grpc-message"));
}

Expected<std::string> Answer::message() const {
    if (body_.size() < prefix_size) return unexpected("no message came");
    if (body_[0] != 0) return unexpected("the message is compressed, which was not agreed on");
    if (length_of(body_) != body_.size() - prefix_size) {
        return unexpected("the message has another length than it says");
    }
    return body_.substr(prefix_size);
}

std::string framed(std::string_view message) {
    std::string bytes(1, '\0');
    for (unsigned shift = 32; shift > 0;) {
        shift -= 8;
        bytes += static_cast<char>((message.size() >> shift) & 0xFFU);
    }
    bytes += message;
    return bytes;
}

}  // namespace tti::grpc
