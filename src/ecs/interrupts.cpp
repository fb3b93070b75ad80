#include "ecs/interrupts.hpp"

#include <csignal>

#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace tti::ecs {
namespace {

// The same signals as SignalStop's, which blocked them: whoever reads one, it is gone for both.
int open_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

}  // namespace

Interrupts::Interrupts(util::Stop& stop) : stop_(stop), signals_(open_signals()) {}

Interrupts::~Interrupts() {
    close(signals_);
}

bool Interrupts::requested() {
    return is_readable(descriptor());
}

int Interrupts::descriptor() const {
    return only_signals_ ? signals_ : stop_.descriptor();
}

void Interrupts::take() {
    signalfd_siginfo signal{};
    while (read(signals_, &signal, sizeof signal) == sizeof signal) {
    }
    if (is_readable(stop_.descriptor())) only_signals_ = true;
}

bool Interrupts::is_readable(int descriptor) {
    pollfd waiting{descriptor, POLLIN, 0};
    return poll(&waiting, 1, 0) == 1 && (waiting.revents & POLLIN) != 0;
}

}  // namespace tti::ecs
