#include "stack/watch.hpp"

#include <optional>

#include "util/error.hpp"
#include "util/wait.hpp"

namespace tti::stack {

ExitCode watch(const std::function<ExitCode()>& show, std::chrono::nanoseconds interval, util::Stop& stop) {
    std::optional<ExitCode> last;
    try {
        while (true) {
            last = show();
            util::wait(interval, stop);
        }
    } catch (const InterruptedError&) {
        if (!last) throw;
        return *last;
    }
}

}  // namespace tti::stack
