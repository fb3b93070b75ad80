#pragma once

#include <chrono>
#include <string>

namespace tti::ecs {

using namespace std::chrono_literals;

// How long to wait before the next question, well within what AWS lets an account ask (DescribeTasks 20 times
// a second, GetLogEvents 10 times) even where many watch at once.

// `for_so_long` is how long the task has had this status.
std::chrono::milliseconds pause_before_status(const std::string& status,
                                              std::chrono::milliseconds for_so_long);
// `quiet` is how long no line has come.
std::chrono::milliseconds pause_before_log(std::chrono::milliseconds quiet);
// After `failures` answers in a row that were none.
std::chrono::milliseconds pause_after_trouble(int failures);

// How long AWS may give no answer before a watch ends.
constexpr std::chrono::milliseconds longest_trouble = 15min;
// How long a task may be unknown to ECS just after it was started.
constexpr std::chrono::milliseconds longest_unknown = 1min;

// How long to wait for lines after the end of a command: until its last one where one is to come, else until
// no more come. The log driver sends what it has every five seconds, CloudWatch is seldom later than some
// seconds.
struct Tail {
    bool last_line_due = false;  // the command numbers its lines and was not killed
    std::chrono::milliseconds since_end{};
    std::chrono::milliseconds quiet{};
};
bool may_be_longer(const Tail& tail);

}  // namespace tti::ecs
