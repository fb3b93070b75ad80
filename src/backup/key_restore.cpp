#include "backup/key_restore.hpp"

#include "backup/key_writer.hpp"
#include "operation/failure_point.hpp"

namespace tti::backup {
namespace {

constexpr std::string_view clearing = "clearing";
constexpr std::string_view filling = "filling";
// What expires while two sides are compared is left out on both.
constexpr std::int64_t comparing_takes_at_most = 10LL * 60 * 1000;

}  // namespace

std::string KeyRestore::read_mark() {
    std::string text;
    connection_.repeat([&] {
        const auto reply = connection_.call("GET", mark());
        text = reply->is_nil() ? "" : reply->text();
    });
    return text;
}

void KeyRestore::set_mark(std::string_view state) {
    before_writes_();
    const auto value = archive_.manifest().id + " " + std::string(state);
    connection_.repeat([&] { connection_.call("SET", mark(), value); });
}

KeyRestore::Found KeyRestore::look() {
    const auto text = read_mark();
    if (text.starts_with(archive_.manifest().id + " ")) {
        return text.ends_with(clearing) ? Found::clearing : Found::begun;
    }
    if (!has_keys(connection_, place_)) {
        return archive_.manifest().redis->keys == 0 ? Found::identical : Found::nothing;
    }
    const auto limit = server_time(connection_) + comparing_takes_at_most;
    return sum_of_server(limit) == sum_of_archive(limit) ? Found::identical : Found::others;
}

bool KeyRestore::values_compare() const {
    return write_alike(connection_.server().version, archive_.manifest().redis->server_version);
}

// Of two versions of Redis, names and expiry times are all that can be compared.
void KeyRestore::count(DistinctKeys& keys, const ArchivedKey& key, std::int64_t expiring_after) const {
    if (key.expires_at >= 0 && key.expires_at <= expiring_after) return;
    keys.add({key.key, key.expires_at, values_compare() ? key.payload : std::string_view()});
}

KeySum KeyRestore::sum_of_server(std::int64_t expiring_after) {
    DistinctKeys keys;
    read_keys(
        connection_, place_, [&](const ArchivedKey& key) { count(keys, key, expiring_after); },
        [](std::size_t) {});
    return keys.sum();
}

KeySum KeyRestore::sum_of_archive(std::int64_t expiring_after) {
    DistinctKeys keys;
    each_key([&](const ArchivedKey& key) { count(keys, key, expiring_after); });
    return keys.sum();
}

void KeyRestore::each_key(const std::function<void(const ArchivedKey&)>& work) {
    archive_.read(archive_.manifest().redis->file, [&](Source& source) {
        KeyFileReader reader(source);
        for (ArchivedKey key; reader.next(key);) {
            if (place_.scope.contains(key.key)) work(key);
        }
    });
}

void KeyRestore::run(bool clears, operation::StepContext& context) {
    if (clears) clear(context);
    set_mark(filling);
    fill(context);
    operation::failure_point("after restore keys");
    before_writes_();
    connection_.repeat([this] { connection_.call("DEL", mark()); });
}

void KeyRestore::clear(operation::StepContext& context) {
    set_mark(clearing);
    std::int64_t removed = 0;
    remove_keys(connection_, place_, [&](std::size_t keys) {
        removed += static_cast<std::int64_t>(keys);
        context.progress("keys removed", removed, 0);
        operation::failure_point("inside clear keys");
        before_writes_();
        context.safe_point();
    });
    context.count("keys removed", removed);
}

void KeyRestore::fill(operation::StepContext& context) {
    constexpr std::int64_t report_every = 1024;
    KeyWriter writer(connection_, place_.name_space, server_time(connection_), before_writes_);
    std::int64_t seen = 0;
    each_key([&](const ArchivedKey& key) {
        writer.add(key);
        if (++seen % report_every != 0) return;
        context.progress("keys", seen, archive_.manifest().redis->keys);
        context.safe_point();
    });
    writer.finish();
    restored_ = writer.restored();
    expired_ = writer.expired();
    context.count("keys", restored_);
    context.count("keys that have expired since", expired_);
}

}  // namespace tti::backup
