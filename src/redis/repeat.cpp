#include <algorithm>
#include <array>
#include <optional>
#include <random>

#include "redis/connection_implementation.hpp"
#include "util/wait.hpp"

namespace tti::redis {
namespace {

using Clock = std::chrono::steady_clock;

// Errors that pass by themselves, or by asking the Sentinels again.
constexpr std::array<std::string_view, 7> passing{"LOADING",  "READONLY",   "MASTERDOWN", "BUSY",
                                                  "TRYAGAIN", "NOREPLICAS", "NOSCRIPT"};

// Runs from the first failure on.
class Patience {
  public:
    explicit Patience(std::chrono::milliseconds limit) : limit_(limit) {}

    bool left() {
        if (!end_) {
            end_ = Clock::now() + limit_;
        }
        return Clock::now() < *end_;
    }
    // Twice as long every time, up to a second, and never the same for two clients.
    Clock::duration pause() {
        std::uniform_real_distribution<double> part(0.5, 1.0);
        if (!random_) {
            random_.emplace(std::random_device{}());
        }
        const auto pause = std::chrono::duration_cast<Clock::duration>(current_ * part(*random_));
        current_ = std::min(current_ * 2, longest);
        return std::min(pause, *end_ - Clock::now());
    }

  private:
    std::chrono::milliseconds limit_;
    std::optional<Clock::time_point> end_;
    using Seconds = std::chrono::duration<double>;
    static constexpr Seconds longest{1.0};
    Seconds current_{0.02};
    // Only once something fails: seeding takes longer than most work, on a virtual machine above all.
    std::optional<std::minstd_rand> random_;
};

}  // namespace

bool Connection::Implementation::may_pass(const ServerError& error) {
    if (std::ranges::find(passing, error.kind()) == passing.end()) {
        return false;
    }
    // Loading helps only what is loaded.
    if (error.kind() == "NOSCRIPT" && scripts.empty()) {
        return false;
    }
    // The next command connects again, loads the scripts again, and asks the Sentinels where they are used.
    lose();
    return true;
}

void Connection::repeat(const std::function<void()>& work) {
    // Inside another repeat the outermost one does the waiting.
    if (implementation_->repeating > 0) {
        work();
        return;
    }
    struct Depth {
        explicit Depth(int& depth) : depth_(depth) { ++depth_; }
        Depth(const Depth&) = delete;
        Depth& operator=(const Depth&) = delete;
        ~Depth() { --depth_; }
        int& depth_;
    };
    const Depth depth(implementation_->repeating);
    Patience patience(implementation_->options.patience);
    for (;;) {
        try {
            work();
            return;
        } catch (const ConnectionError&) {
            if (!patience.left()) {
                throw;
            }
        } catch (const ServerError& error) {
            if (!implementation_->may_pass(error) || !patience.left()) {
                throw;
            }
        }
        util::wait(patience.pause(), implementation_->stop);
    }
}

}  // namespace tti::redis
