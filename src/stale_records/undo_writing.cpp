#include "stale_records/undo_writing.hpp"

#include <optional>

namespace tti::stale_records {
namespace {

// Asks for all, then takes the answers in the same order.
class Reading {
  public:
    void ask(const Deletion& deletion) {
        switch (deletion.act) {
            case Act::key:
            case Act::pointer:
                commands_.add("GET", deletion.key);
                commands_.add("PTTL", deletion.key);
                commands_.add("DUMP", deletion.key);
                break;
            case Act::scored:
                commands_.add("ZSCORE", deletion.key, deletion.item);
                break;
            case Act::field:
                commands_.add("HGET", deletion.key, deletion.item);
                break;
            case Act::member:
                commands_.add("SISMEMBER", deletion.key, deletion.item);
                break;
            case Act::entry:
                break;
        }
    }

    // A key of another type answers with an error: then nothing of it goes either.
    void send(redis::Connection& connection) {
        connection.pipeline(commands_, [this](std::size_t, redis::ReplyView reply) {
            if (reply.is_integer()) {
                answers_.emplace_back(std::to_string(reply.integer()));
            } else {
                answers_.push_back(reply.is_text() ? std::optional<std::string>(reply.text()) : std::nullopt);
            }
        });
    }

    [[nodiscard]] const std::optional<std::string>& take() { return answers_[place_++]; }

  private:
    redis::Commands commands_;
    std::vector<std::optional<std::string>> answers_;
    std::size_t place_ = 0;
};

void write_key(Reading& reading, key_space::UndoRows& undo, const Deletion& deletion) {
    const auto& value = reading.take();
    const auto& ttl = reading.take();
    const auto& dump = reading.take();
    const bool goes = dump && (deletion.act == Act::key || value == deletion.item);
    if (goes) undo.key(deletion.key, std::stoll(ttl.value_or("-1")), *dump);
}

void write(Reading& reading, key_space::UndoRows& undo, const Deletion& deletion) {
    switch (deletion.act) {
        case Act::key:
        case Act::pointer:
            return write_key(reading, undo, deletion);
        case Act::scored:
            if (const auto& score = reading.take()) undo.scored(deletion.key, deletion.item, *score);
            return;
        case Act::field:
            if (const auto& value = reading.take()) undo.field(deletion.key, deletion.item, *value);
            return;
        case Act::member:
            if (reading.take() == "1") undo.member(deletion.key, deletion.item);
            return;
        case Act::entry:
            return;
    }
}

}  // namespace

void write_dependents_of(redis::Connection& connection, key_space::UndoRows& undo,
                         const std::vector<const Removal*>& removals) {
    Reading reading;
    const auto each = [&](const auto& visit) {
        for (const auto* removal : removals) {
            for (std::size_t place = 1; place < removal->deletions.size(); ++place)
                visit(removal->deletions[place]);
        }
    };
    each([&](const Deletion& deletion) { reading.ask(deletion); });
    reading.send(connection);
    each([&](const Deletion& deletion) { write(reading, undo, deletion); });
}

}  // namespace tti::stale_records
