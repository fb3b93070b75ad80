#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "key_space/key_list.hpp"
#include "key_space/session.hpp"
#include "key_space/values.hpp"
#include "key_space/walk.hpp"
#include "stale_records/candidate.hpp"
#include "stale_records/identity_source.hpp"
#include "stale_records/scope.hpp"

namespace tti::stale_records {

// Tells which keys of a page nobody needs, judged by what the Identity Server knew.
class Judge {
  public:
    Judge(key_space::Session& session, const Scope& scope, const Known& known)
        : session_(session), scope_(scope), known_(known), values_(session.connection()) {}

    [[nodiscard]] bool is_record(lorawan::KeyKind kind) const;
    // By the key alone.
    [[nodiscard]] bool is_stale(const key_space::FoundKey& record) const;
    // Index keys that point to a device which the Identity Server does not know, and which has no record.
    std::vector<Candidate> orphaned_pointers(std::span<const key_space::FoundKey> page);
    // Session keys of EUIs that the Identity Server does not know, where the Join Server's index has no
    // device for them, or one that is stale.
    std::vector<Candidate> orphaned_session_keys(std::span<const key_space::FoundKey> page);

  private:
    [[nodiscard]] bool knows(std::string_view owner) const;
    [[nodiscard]] std::vector<bool> exist(const std::vector<std::string>& keys);

    key_space::Session& session_;
    const Scope& scope_;
    const Known& known_;
    key_space::ValueReader values_;
};

// The first IDs in order, and how many there are; an ID may be added twice.
class Listed {
  public:
    explicit Listed(std::size_t most) : most_(most) {}
    void add(std::string id);
    void seal() { all_.seal(); }
    [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(all_.size()); }
    [[nodiscard]] const std::set<std::string>& first() const { return first_; }

  private:
    std::size_t most_;
    std::set<std::string> first_;
    Fingerprints all_;
};

// One pass over Redis that changes nothing.
struct Survey {
    struct Kind {
        std::int64_t found = 0;
        Listed stale;
    };
    std::map<lorawan::KeyKind, Kind> records;
    std::map<lorawan::KeyKind, Kind> orphans;
    key_space::KeyList stale_records;  // empty for a dry run
    Listed queued{0};                  // messages of stale devices in the uplink queue, by ID
};
Survey survey(key_space::Session& session, const Scope& scope, const Known& known, std::size_t most_listed);
// Whether there is anything at all that a survey would look at.
bool anything(key_space::Session& session, const Scope& scope);

}  // namespace tti::stale_records
