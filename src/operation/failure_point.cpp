#include "operation/failure_point.hpp"

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>

namespace tti::operation {
namespace {

constexpr std::chrono::seconds pause_length{3};

// One configured place; counts down to the time that is meant.
class Target {
  public:
    explicit Target(const char* text) {
        if (text == nullptr) return;
        const std::string_view whole(text);
        name_ = whole;
        remaining_ = 1;
        const auto colon = whole.rfind(':');
        if (colon == std::string_view::npos) return;
        // A name may hold a colon itself; only a number behind the last one counts.
        int number = 0;
        const auto* const last = whole.data() + whole.size();
        const auto [end, error] = std::from_chars(whole.data() + colon + 1, last, number);
        if (error != std::errc() || end != last) return;
        name_ = whole.substr(0, colon);
        remaining_ = number;
    }
    bool reached(std::string_view name) { return !name_.empty() && name_ == name && --remaining_ == 0; }

  private:
    std::string name_;
    int remaining_ = 0;
};

// Each line is on the disk's side of the process before the next thing happens, also when that is SIGKILL.
void list(const char* file, std::string_view name) {
    if (file != nullptr) std::ofstream(file, std::ios::app) << name << std::endl;
}

}  // namespace

void failure_point(std::string_view name) {
    static const char* const passed = std::getenv("TTI_LW_LIST_POINTS");
    static Target fail(std::getenv("TTI_LW_FAIL_AT"));
    static Target pause(std::getenv("TTI_LW_PAUSE_AT"));
    list(passed, name);
    if (fail.reached(name) && std::raise(SIGKILL) != 0) std::abort();
    if (pause.reached(name)) std::this_thread::sleep_for(pause_length);
}

}  // namespace tti::operation
