#include "postgres/lock_safe.hpp"

#include <algorithm>
#include <random>

#include <fmt/format.h>
#include <poll.h>

#include "postgres/blockers.hpp"

namespace tti::postgres {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::string_view unknown_blockers = "a session that could not be asked in time";

// Between half of the pause and all of it, so that two waiting commands do not stay in step.
milliseconds with_jitter(milliseconds pause) {
    std::random_device random;
    std::uniform_int_distribution<milliseconds::rep> distribution(pause.count() / 2, pause.count());
    return milliseconds(distribution(random));
}

// One round trip; the answer is the server process that runs the transaction.
void limit_locks(Connection& connection, const LockPolicy& policy, BlockerWatch& watch) {
    const Result answer = connection.execute(
        fmt::format("SET LOCAL lock_timeout = {}; SELECT pg_backend_pid()", policy.lock_timeout.count()));
    watch.set_process(answer.integer(0, 0));
}

// False when a lock was not to be had in time.
bool try_once(Connection& connection, const LockPolicy& policy, BlockerWatch& watch,
              const std::function<void(Connection&)>& body) {
    try {
        Transaction transaction(connection);
        limit_locks(connection, policy, watch);
        body(connection);
        transaction.commit();
        return true;
    } catch (const LockTimeout&) {
        return false;
    }
}

}  // namespace

void with_short_locks(Connection& connection, util::Stop& stop, const LockPolicy& policy,
                      const Blocked& blocked, const std::function<void(Connection&)>& body) {
    if (connection.in_transaction()) {
        throw std::logic_error("with_short_locks needs a transaction of its own");
    }
    BlockerWatch watch(connection, stop, policy.lock_timeout / 4);
    const Clock::time_point began = Clock::now();
    milliseconds next_pause = policy.first_pause;
    for (int attempt = 1; !try_once(connection, policy, watch, body); ++attempt) {
        const std::string blockers =
            watch.blockers().empty() ? std::string(unknown_blockers) : watch.blockers();
        if (blocked) {
            blocked(blockers, attempt);
        }
        const milliseconds duration = with_jitter(next_pause);
        if (Clock::now() + duration - began > policy.give_up) {
            throw LockedError(fmt::format("{}: no lock within {} s and {} tries; it is held by {}",
                                          connection.context(), policy.give_up.count(), attempt, blockers),
                              "Wait for that session, or end it with SELECT pg_terminate_backend(pid); then "
                              "run the same command "
                              "again, it continues where it stopped.");
        }
        pause(stop, duration);
        next_pause = std::min(next_pause * 2, policy.longest_pause);
    }
}

void pause(util::Stop& stop, milliseconds duration) {
    const Clock::time_point end = Clock::now() + duration;
    pollfd waiting{stop.descriptor(), POLLIN, 0};
    do {
        util::throw_if_requested(stop);
        const auto left = std::chrono::ceil<milliseconds>(end - Clock::now());
        poll(&waiting, 1, static_cast<int>(std::max(left, milliseconds(0)).count()));
    } while (Clock::now() < end);
    util::throw_if_requested(stop);
}

}  // namespace tti::postgres
