#include "redis/pace.hpp"

#include <algorithm>

#include "util/wait.hpp"

namespace tti::redis {
namespace {

using Seconds = std::chrono::duration<double>;
constexpr auto between_measurements = std::chrono::milliseconds(100);
// Work one part, rest nine: slower than that helps nobody.
constexpr double longest_slowdown = 9;

}  // namespace

Pace::Pace(Connection& connection, Limits limits)
    : connection_(connection), limits_(limits), next_(Clock::now()), measured_(next_), began_(next_) {}

std::size_t Pace::batch(std::size_t wanted) const {
    if (limits_.rate <= 0) {
        return std::max<std::size_t>(wanted, 1);
    }
    // A quarter of a second's worth at most, so that a second never sees much more than its rate.
    const double most = std::max(limits_.rate / 4, 1.0);
    return most >= static_cast<double>(wanted) ? std::max<std::size_t>(wanted, 1)
                                               : static_cast<std::size_t>(most);
}

void Pace::spent(std::size_t items) {
    const Clock::time_point now = Clock::now();
    if (limits_.max_latency.count() > 0) {
        if (now - measured_ >= between_measurements || slowdown_ > 0) {
            measure();
        }
        sleep(std::chrono::duration_cast<Clock::duration>(Seconds(now - began_) * slowdown_));
    }
    if (limits_.rate > 0) {
        // Time that was not used is not made up for: no burst after a pause.
        next_ = std::max(next_, began_) + std::chrono::duration_cast<Clock::duration>(
                                              Seconds(static_cast<double>(items) / limits_.rate));
        sleep(next_ - Clock::now());
    }
    began_ = Clock::now();
}

void Pace::sleep(Clock::duration time) {
    if (time > Clock::duration::zero()) {
        util::wait(time, connection_.stop());
    }
}

void Pace::measure() {
    Clock::time_point before;
    connection_.repeat([&] {
        connection_.settle();  // what was sent ahead is no part of the round trip
        before = Clock::now();
        connection_.call("PING");
    });
    measured_ = Clock::now();
    const double latency = Seconds(measured_ - before).count();
    const double above = latency / Seconds(limits_.max_latency).count();
    slowdown_ = above > 1 ? std::min(slowdown_ + above, longest_slowdown) : slowdown_ / 2 - 0.05;
    slowdown_ = std::max(slowdown_, 0.0);
}

}  // namespace tti::redis
