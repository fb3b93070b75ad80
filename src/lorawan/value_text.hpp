#pragma once

#include <string>
#include <string_view>

namespace tti::lorawan {

// How values of messages are written for people.
std::string lower_hex(std::string_view bytes);
std::string upper_hex(std::string_view bytes);
// As it is; in hex where it is no UTF-8.
std::string readable(std::string_view text);
// "https://********@example.com" for "https://user:password@example.com".
std::string without_password(std::string_view url);
// "2020-09-13T12:26:40.5Z"; the seconds alone where the year is not one of four digits.
std::string time_text(std::int64_t seconds, std::int64_t nanoseconds);
std::string duration_text(std::int64_t seconds, std::int64_t nanoseconds);  // "1.5s"
std::string mac_version_text(std::uint64_t version);                        // "1.0.3"
std::string device_class_text(std::uint64_t device_class);                  // "A"

}  // namespace tti::lorawan
