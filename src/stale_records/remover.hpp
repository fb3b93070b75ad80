#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "key_space/session.hpp"
#include "key_space/undo.hpp"
#include "operation/failures.hpp"
#include "stale_records/candidate.hpp"
#include "stale_records/identity_source.hpp"

namespace tti::stale_records {

// Removes candidates: reads them, asks the Identity Server about each once more, writes what goes into the
// undo file, and removes it if nobody has changed it or holds its mutex. What cannot be removed now is tried
// again by finish().
class Remover {
  public:
    Remover(key_space::Session& session, IdentitySource& identities, key_space::UndoRows& undo);

    // May wait until there are more of them. A candidate may come twice.
    void add(std::vector<Candidate> candidates);
    // Of a stream: entries by ID with their fields and values, of devices that the Identity Server does not
    // know.
    struct Entry {
        std::string owner;
        std::string id;
        std::vector<std::string> fields;
    };
    void remove_entries(const std::string& stream, std::span<const Entry> entries);
    // Removes what is left. Waits in line where somebody holds a mutex.
    void finish();

    [[nodiscard]] const std::map<lorawan::KeyKind, std::int64_t>& removed() const { return removed_; }
    [[nodiscard]] std::int64_t kept() const { return kept_; }  // known after all
    [[nodiscard]] std::int64_t unreadable() const { return unreadable_; }
    [[nodiscard]] const operation::Failures& failures() const { return failures_; }

  private:
    struct Value {
        bool there = false;
        std::string text;  // of a string
        std::int64_t ttl = -1;
        std::string dump;
    };
    struct Piece {
        const Candidate* candidate = nullptr;
        Value value;
        Removal removal;
    };

    void remove_waiting();
    void remove_later();
    void remove(std::span<const Candidate> candidates);
    void batch(std::span<const Candidate> candidates, std::string_view owner);
    [[nodiscard]] std::vector<Value> read(std::span<const Candidate> candidates);
    [[nodiscard]] std::vector<bool> known(std::span<const Candidate> candidates);
    [[nodiscard]] std::vector<Piece> pieces(std::span<const Candidate> candidates, std::vector<Value> values);
    void write_undo(std::span<const Piece> pieces);
    void apply(std::span<const Piece> pieces, std::string_view owner);
    void one_by_one(std::span<const Candidate> candidates);

    key_space::Session& session_;
    IdentitySource& identities_;
    key_space::UndoRows& undo_;
    std::map<lorawan::KeyKind, std::int64_t> removed_;
    std::int64_t kept_ = 0;
    std::int64_t unreadable_ = 0;
    std::vector<Candidate> waiting_;  // for others, so that a batch is worth its round trips
    std::vector<Candidate> later_;    // busy, or changed meanwhile
    std::string later_lock_;
    operation::Failures failures_;
};

}  // namespace tti::stale_records
