#pragma once

#include <chrono>
#include <future>
#include <memory>

#include <libpq-fe.h>

namespace tti::postgres {

// A cancel request on its way to the server. libpq sends it over a connection of its own and blocks without a
// time limit, so it runs in a thread, which is left alone when the network does not answer.
class CancelRequest {
  public:
    explicit CancelRequest(PGconn* connection);
    // Whether the server has taken it, waiting at most `limit`.
    [[nodiscard]] bool delivered(std::chrono::milliseconds limit) const;

  private:
    std::future<void> done_;
};

}  // namespace tti::postgres
