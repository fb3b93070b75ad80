#pragma once

#include <optional>
#include <string>

#include "aws/time.hpp"

namespace tti::aws {

// AWS's time, which signatures have to be of: this machine's, corrected once an answer has shown that it is
// wrong.
class ServerTime {
  public:
    explicit ServerTime(Clock& clock) : clock_(clock) {}

    [[nodiscard]] Time now() const { return clock_.now() + ahead_; }
    // From the header Date of an answer. How far AWS is ahead of this machine, where that is more than what
    // AWS tolerates and was not known yet; from then on now() is corrected.
    std::optional<std::chrono::seconds> learn(const std::string& date);

  private:
    Clock& clock_;
    std::chrono::seconds ahead_{0};
};

// "this machine's clock is 7 minutes behind AWS's"
std::string skew_text(std::chrono::seconds ahead);

}  // namespace tti::aws
