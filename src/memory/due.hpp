#pragma once

#include <optional>
#include <span>
#include <string>

#include "join_server/survey.hpp"
#include "key_space/session.hpp"
#include "network_server/prune.hpp"

namespace tti::memory {

// What the commands themselves would find due, counted by their own code from the keys of one walk.
class Due {
  public:
    // `session_key_limit` is js.session-key-limit.
    Due(key_space::Session& session, std::size_t session_key_limit);

    void add(std::span<const std::string> page);
    // After the last page.
    void finish();

    [[nodiscard]] const network_server::PruneSurvey& prune() const { return prune_; }
    // Nothing where js.session-key-limit is 0, so that js-db migrate removes none.
    [[nodiscard]] const std::optional<join_server::Survey>& session_keys() const { return session_keys_; }
    // A migration that is recorded looks at old data with --force only.
    [[nodiscard]] bool is_recorded(lorawan::KeyKind schema_version) const;

  private:
    key_space::Session& session_;
    std::size_t session_key_limit_;
    network_server::PruneSurvey prune_;
    std::optional<join_server::Survey> session_keys_;
};

}  // namespace tti::memory
