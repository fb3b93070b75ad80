#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "util/expected.hpp"
#include "util/stop.hpp"

namespace tti::util {

// Looks the addresses of a host up as every program of this machine does (getaddrinfo), in a thread of its
// own, which is left behind where no name server answers: it ends by itself once the system gives up.
class NameLookup {
  public:
    // Begins at once.
    explicit NameLookup(const std::string& host);

    // The addresses as numbers ("192.0.2.1", "2001:db8::1"), in the order in which they are to be tried.
    // Fails in the system's words, at the deadline, or as soon as an end is asked for. To be called once.
    Expected<std::vector<std::string>> wait(std::optional<std::chrono::steady_clock::time_point> deadline,
                                            Stop& stop);

  private:
    struct Answer;
    std::shared_ptr<Answer> answer_;
};

}  // namespace tti::util
