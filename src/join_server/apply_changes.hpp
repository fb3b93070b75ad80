#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "join_server/pair_change.hpp"
#include "lorawan/mutex.hpp"

namespace tti::join_server {

struct Applied {
    std::vector<lorawan::Guarded> outcomes;  // of each pair
    std::int64_t removed = 0;                // session keys that were there, and went
};

// Makes pairs right, many in one round trip. Each is written only if nobody holds the mutex of its list, its
// list is the one that was read, and its device is there as it was (or is not): else it counts as changed.
// Whoever adds or removes a session key of a pair writes its list or its device too, so the keys themselves
// need no second look. The server runs a script whole, so no helper key is made. With an `owner` this is done
// under the mutex that he holds. May be repeated.
class Application {
  public:
    // Sends them; `changes` must live as long as this.
    Application(key_space::Session& session, std::span<const PairChange> changes,
                std::string_view owner = {});
    // Once. Throws where the connection was lost meanwhile, when nobody can say what was done.
    Applied receive();

  private:
    key_space::Session* session_;
    std::span<const PairChange> changes_;
    std::vector<std::size_t> pieces_;  // of which change each is
    std::vector<std::size_t> firsts_;  // piece of each call
    std::shared_ptr<redis::Sent> sent_;
};

Applied apply_guarded(key_space::Session& session, std::span<const PairChange> changes,
                      std::string_view owner = {});

}  // namespace tti::join_server
