#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "identity_server/migrations.hpp"
#include "identity_server/session.hpp"

namespace tti::identity_server {

// What a check found; nothing where its table does not exist.
struct Finding {
    const RowCheck* check = nullptr;
    std::int64_t count = 0;
    std::string sample;
};

// The answers to row checks of many tenants, asked in a few round trips, however many there are.
class RowFindings {
  public:
    struct Question {
        Tenant tenant;
        std::vector<const RowCheck*> checks;
    };
    RowFindings(Session& session, std::span<const Question> questions);

    // Only findings with a count.
    [[nodiscard]] std::vector<Finding> of(const Tenant& tenant, std::span<const RowCheck> checks) const;

  private:
    void ask(Session& session, std::span<const Question> questions,
             const std::set<std::pair<std::string, std::string>>& tables);

    std::map<std::pair<std::string, const RowCheck*>, Finding> findings_;  // by schema
};

// The checks of these spans, one after the other.
std::vector<const RowCheck*> pointers(std::initializer_list<std::span<const RowCheck>> spans);

}  // namespace tti::identity_server
