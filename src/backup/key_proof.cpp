#include "backup/key_proof.hpp"

#include <algorithm>
#include <vector>

#include "backup/key_reader.hpp"
#include "backup/key_writer.hpp"
#include "redis/error.hpp"

namespace tti::backup {
namespace {

constexpr std::int64_t more_time = 100LL * 365 * 24 * 60 * 60 * 1000;  // no archive is that old
constexpr std::size_t batch_bytes = std::size_t{1} << 20U;
constexpr std::size_t batch_keys = 512;

std::int64_t moved(std::int64_t expires_at, std::int64_t by) {
    return expires_at < 0 ? -1 : expires_at + by;
}

class Filling {
  public:
    Filling(redis::Connection& connection, KeySum& expected) : connection_(connection), expected_(expected) {}

    void add(const ArchivedKey& key) {
        expected_.add(key);
        batch_.push_back({std::string(key.key), key.expires_at, std::string(key.payload)});
        bytes_ += key.payload.size();
        if (bytes_ >= batch_bytes || batch_.size() >= batch_keys) flush();
    }

    void flush() {
        std::vector<std::size_t> twice;
        redis::Commands commands;
        for (const auto& key : batch_)
            add_restore(commands, key.key, moved(key.expires_at, more_time), key.payload, false);
        connection_.pipeline(commands, [&](std::size_t index, redis::ReplyView reply) {
            if (!reply.is_error()) return;
            if (!reply.error().starts_with("BUSYKEY")) refuse_payload(reply.error(), connection_);
            twice.push_back(index);
        });
        for (const auto index : twice) take_later(batch_[index]);
        batch_.clear();
        bytes_ = 0;
    }

  private:
    struct Owned {
        std::string key;
        std::int64_t expires_at = -1;
        std::string payload;
    };

    // A key that is there twice: the earlier one does not count.
    void take_later(const Owned& key) {
        const auto expiry = connection_.call("PEXPIRETIME", key.key)->integer();
        const auto dump = connection_.call("DUMP", key.key);
        expected_.remove({key.key, moved(expiry, -more_time), dump->text()});
        redis::Commands commands;
        add_restore(commands, key.key, moved(key.expires_at, more_time), key.payload, true);
        connection_.pipeline(commands);
    }

    redis::Connection& connection_;
    KeySum& expected_;
    std::vector<Owned> batch_;
    std::size_t bytes_ = 0;
};

}  // namespace

KeyProof prove_keys(redis::Connection& connection, Source& file, const KeysEntry& entry,
                    operation::StepContext& context) {
    KeyProof proof;
    proof.comparable = write_alike(connection.server().version, entry.server_version);
    KeySum written;
    Filling filling(connection, proof.expected);
    KeyFileReader reader(file);
    for (ArchivedKey key; reader.next(key);) {
        written.add(key);
        filling.add(key);
        context.progress("keys", written.keys(), 2 * entry.keys);
        util::throw_if_requested(context.stop());
    }
    filling.flush();
    proof.as_written = written.digest() == entry.digest && written.keys() == entry.keys;
    read_keys(
        connection, {},
        [&](const ArchivedKey& key) {
            proof.found.add({key.key, moved(key.expires_at, -more_time), key.payload});
        },
        [&](std::size_t) { context.progress("keys", entry.keys + proof.found.keys(), 2 * entry.keys); });
    return proof;
}

}  // namespace tti::backup
