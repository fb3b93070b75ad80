#include "util/stop.hpp"

#include <atomic>
#include <csignal>

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "util/error.hpp"

namespace tti::util {
namespace {

sigset_t stop_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

}  // namespace

SignalStop::SignalStop() {
    const sigset_t set = stop_signals();
    sigprocmask(SIG_BLOCK, &set, nullptr);
    descriptor_ = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

SignalStop::~SignalStop() {
    close(descriptor_);
}

bool SignalStop::requested() {
    // The signal stays pending (it is never read), so that the descriptor remains readable for every later
    // wait.
    pollfd waiting{descriptor_, POLLIN, 0};
    // Several threads may ask.
    const std::atomic_ref requested(requested_);
    if (!requested && poll(&waiting, 1, 0) == 1 && (waiting.revents & POLLIN) != 0) requested = true;
    return requested;
}

void throw_stopped() {
    throw InterruptedError("stopped on request, at a safe point",
                           "The same command continues where it stopped.");
}

void throw_if_requested(Stop& stop) {
    if (stop.requested()) throw_stopped();
}

}  // namespace tti::util
