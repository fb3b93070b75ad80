#include "backup/key_writer.hpp"

#include <utility>

#include <fmt/format.h>

#include "operation/failure_point.hpp"
#include "redis/error.hpp"
#include "util/error.hpp"

namespace tti::backup {
namespace {

constexpr std::size_t batch_bytes = std::size_t{1} << 20U;
constexpr std::size_t batch_keys = 1024;

}  // namespace

void add_restore(redis::Commands& commands, std::string_view key, std::int64_t expires_at,
                 std::string_view payload, bool replace) {
    const auto expiry = std::to_string(std::max<std::int64_t>(expires_at, 0));
    std::vector<std::string_view> words{"RESTORE", key, expiry, payload};
    if (replace) words.emplace_back("REPLACE");
    if (expires_at > 0) words.emplace_back("ABSTTL");
    commands.add(words);
}

void refuse_payload(std::string_view answer, const redis::Connection& connection) {
    throw RefusedError(fmt::format("{} (Redis {}) does not take a value of the archive: {}",
                                   connection.target().display(), connection.server().version, answer),
                       "Restore into a Redis of the version that the manifest names, or a newer one.");
}

KeyWriter::KeyWriter(redis::Connection& connection, std::string name_space, std::int64_t now,
                     std::function<void()> before)
    : connection_(connection), name_space_(std::move(name_space)), now_(now), before_(std::move(before)) {}

void KeyWriter::add(const ArchivedKey& key) {
    const auto name = name_space_ + std::string(key.key);
    if (key.expires_at >= 0 && key.expires_at <= now_) {
        // An older state of it may have been restored before.
        pending_.add("UNLINK", name);
        ++expired_;
    } else {
        add_restore(pending_, name, key.expires_at, key.payload, true);
        ++restored_;
    }
    if (pending_.bytes().size() >= batch_bytes || pending_.size() >= batch_keys) send();
}

void KeyWriter::finish() {
    if (!pending_.empty()) send();
    receive();
}

void KeyWriter::send() {
    receive();
    before_();
    under_way_.commands = std::exchange(pending_, {});
    try {
        under_way_.sent = connection_.send(under_way_.commands);
    } catch (const redis::ConnectionError&) {
        under_way_.sent = nullptr;  // sent when it is received
    }
    operation::failure_point("inside restore keys");
}

void KeyWriter::receive() {
    if (under_way_.commands.empty()) return;
    connection_.repeat([this] {
        auto sent = std::exchange(under_way_.sent, nullptr);
        if (!sent) sent = connection_.send(under_way_.commands);
        connection_.receive(sent, [this](std::size_t, redis::ReplyView reply) {
            if (!reply.is_error()) return;
            if (reply.error().find("DUMP payload") != std::string_view::npos ||
                reply.error().find("Bad data format") != std::string_view::npos) {
                refuse_payload(reply.error(), connection_);
            }
            throw redis::server_error(reply.error(), "RESTORE", connection_.target().display());
        });
    });
    under_way_.commands.clear();
}

}  // namespace tti::backup
