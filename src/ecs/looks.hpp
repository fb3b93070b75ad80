#pragma once

#include <functional>
#include <string>

#include "ecs/check.hpp"

namespace tti::ecs {

// Looks one after the other and keeps what each came to. What AWS refuses or does not answer ends none but
// its own.
class Looks {
  public:
    // What `look` throws is its check: not known where AWS forbids it or is out of reach, else a problem.
    // InterruptedError is passed on.
    void look(const std::string& topic, const std::function<Check()>& look);
    void add(Check check) { checks_.push_back(std::move(check)); }
    [[nodiscard]] Checks take() { return std::move(checks_); }

  private:
    Checks checks_;
};

}  // namespace tti::ecs
