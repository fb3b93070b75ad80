#pragma once

namespace tti::util {

// Whether somebody asked for an end (Ctrl-C, SIGTERM). Long work asks between units; waits poll the
// descriptor.
class Stop {
  public:
    Stop() = default;
    Stop(const Stop&) = delete;
    Stop& operator=(const Stop&) = delete;
    virtual ~Stop() = default;

    virtual bool requested() = 0;
    // Becomes readable when an end is asked for; -1 where nothing can ask.
    [[nodiscard]] virtual int descriptor() const = 0;
};

class NeverStop final : public Stop {
  public:
    bool requested() override { return false; }
    [[nodiscard]] int descriptor() const override { return -1; }
};

// Turns SIGINT and SIGTERM into a request. Made once, in main, before any thread: it blocks both signals. A
// second Ctrl-C while the first is being honoured does nothing more; SIGQUIT and SIGKILL still end the
// process at once.
class SignalStop final : public Stop {
  public:
    SignalStop();
    SignalStop(const SignalStop&) = delete;
    SignalStop& operator=(const SignalStop&) = delete;
    ~SignalStop() override;
    bool requested() override;
    [[nodiscard]] int descriptor() const override { return descriptor_; }

  private:
    int descriptor_;
    bool requested_ = false;
};

// The one sentence for it, wherever a request is met: between units, or in a wait that it cut short.
[[noreturn]] void throw_stopped();

// Throws InterruptedError when an end was asked for.
void throw_if_requested(Stop& stop);

}  // namespace tti::util
