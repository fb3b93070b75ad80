#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "util/expected.hpp"

namespace tti::grpc {

// What comes in of one call, taken apart as it arrives.
class Answer {
  public:
    explicit Answer(std::size_t largest_message) : largest_message_(largest_message) {}

    // One header or trailer line, or the empty one that ends the headers.
    void header_line(std::string_view line);
    // False when it is more than the largest message: the call is to be given up.
    bool body(std::string_view bytes);

    [[nodiscard]] const std::map<std::string, std::string>& header() const { return header_; }
    [[nodiscard]] int http_status() const { return http_status_; }
    [[nodiscard]] bool too_large() const { return too_large_; }
    // -1 where the server sent none.
    [[nodiscard]] int status() const;
    [[nodiscard]] std::string status_message() const;
    // The one message of the body: a flag for compression, four bytes of length, the message.
    [[nodiscard]] Expected<std::string> message() const;

  private:
    [[nodiscard]] std::string field(const std::string& name) const;

    std::size_t largest_message_;
    std::map<std::string, std::string> header_;
    std::map<std::string, std::string> trailer_;
    bool in_trailer_ = false;
    int http_status_ = 0;
    bool too_large_ = false;
    std::string body_;
};

// A message with its five bytes in front, as it is sent.
std::string framed(std::string_view message);

}  // namespace tti::grpc
