#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "memory/findings.hpp"
#include "redis/connection.hpp"

namespace tti::memory {

// Looks at pages of keys, reading only, and adds up what they are.
class Survey {
  public:
    // A key belongs to the first of `name_spaces` that knows it. Of every `sample` keys of a kind one is
    // measured.
    Survey(redis::Connection& connection, std::vector<lorawan::Keys> name_spaces, std::int64_t sample)
        : connection_(connection), name_spaces_(std::move(name_spaces)), sample_(sample) {}

    // May be called again for the same page after it threw: it adds nothing before it has everything.
    void add(std::span<const std::string> page);
    [[nodiscard]] const Findings& findings() const { return findings_; }

  private:
    enum class Question : std::uint8_t {
        bytes,
        entries,
        target,   // the value of an index key: the UID that it points to
        members,  // of an index
        owner,    // whether the device of a session key exists
        record,
    };
    // What is known of a key of the page.
    struct Key {
        std::string_view text;
        const lorawan::Keys* name_space = nullptr;
        std::optional<lorawan::Keys::Match> match;
        std::string tenant;  // whose it is, where it is a tenant's
        bool measured = false;
        bool reads_record = false;
        std::int64_t bytes = 0;
        std::int64_t entries = 0;
        bool gone = false;
        bool orphan = false;
        std::int64_t members_without_device = 0;
        std::string record;  // its value, where it is looked into
    };
    struct Asked {
        std::size_t key;
        Question question;
    };

    [[nodiscard]] Key identify(std::string_view text);
    void ask(const Key& key, std::size_t index);
    void ask_first(std::span<Key> keys);
    void take_in(Key& key, std::size_t index, Question question, redis::ReplyView reply);
    void ask_for_records(std::span<Key> keys);
    void sum_up(const Key& key);
    void sum_up_foreign(const Key& key);

    redis::Connection& connection_;
    std::vector<lorawan::Keys> name_spaces_;
    std::int64_t sample_;
    Findings findings_;
    std::map<std::string, lorawan::Keys, std::less<>> tenants_;
    // Which of a kind are measured goes by these.
    std::map<lorawan::KeyKind, std::int64_t> seen_;
    std::int64_t seen_unknown_ = 0;

    // Of one page.
    redis::Commands commands_;
    std::vector<Asked> asked_;
    struct Pointer {
        std::size_t key;
        std::string record;
    };
    std::vector<Pointer> pointers_;
};

}  // namespace tti::memory
