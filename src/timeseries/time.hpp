#pragma once

#include <chrono>
#include <string>

namespace tti::timeseries {

// As PostgreSQL keeps time: microseconds, in UTC. A day is always 24 hours here; no clock change moves a
// chunk's bounds.
using Time = std::chrono::sys_time<std::chrono::microseconds>;
using Span = std::chrono::microseconds;

// "2026-02-03T09:14:27Z", with microseconds where they are not zero; PostgreSQL reads it as it stands.
std::string format(Time time);
// "12h", "31d", "90m", "1500ms": in the largest unit that divides it.
std::string format(Span span);
// What PostgreSQL reads as an interval of exactly that many microseconds: "43200000000 microseconds".
std::string interval_text(Span span);

}  // namespace tti::timeseries
