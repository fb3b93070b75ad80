#include "backup/key_reader.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <vector>

#include "redis/error.hpp"
#include "redis/scan.hpp"
#include "util/stop.hpp"

namespace tti::backup {
namespace {

constexpr std::size_t bytes_under_way = std::size_t{1} << 20U;
constexpr std::size_t most_keys = 512;
constexpr std::int64_t gone = -2;

std::int64_t milliseconds(redis::ReplyView time) {
    constexpr std::int64_t thousand = 1000;
    return time[0].number() * thousand + time[1].number() / thousand;
}

// PEXPIRETIME came with Redis 7; before, the time left and the server's clock say the same within a
// millisecond or two.
bool tells_expiry_time(const redis::Server& server) {
    int major = 0;
    std::from_chars(server.version.data(), server.version.data() + server.version.size(), major);
    return major >= 7;
}

class Batch {
  public:
    Batch(std::vector<std::string> keys, bool expiry_times)
        : keys_(std::move(keys)), expiry_times_(expiry_times) {
        if (!expiry_times_) commands_.add("TIME");
        for (const auto& key : keys_) {
            commands_.add(expiry_times_ ? "PEXPIRETIME" : "PTTL", key);
            commands_.add("DUMP", key);
        }
    }

    void send(redis::Connection& connection) {
        try {
            sent_ = connection.send(commands_);
        } catch (const redis::ConnectionError&) {
            sent_ = nullptr;  // sent when it is received
        }
    }

    // What was handed out before a connection was lost is not handed out again.
    template <typename Each>
    void receive(redis::Connection& connection, const Each& each) {
        connection.repeat([&] {
            auto sent = std::exchange(sent_, nullptr);
            if (!sent) sent = connection.send(commands_);
            std::int64_t now = 0;
            std::int64_t expiry = -1;
            connection.receive(sent, [&](std::size_t index, redis::ReplyView reply) {
                if (reply.is_error())
                    throw redis::server_error(reply.error(), "DUMP", connection.target().display());
                if (!expiry_times_ && index == 0) {
                    now = milliseconds(reply);
                    return;
                }
                const auto place = index - (expiry_times_ ? 0 : 1);
                if (place % 2 == 0) {
                    expiry = reply.integer() < 0 ? reply.integer() : reply.integer() + now;
                } else if (place / 2 >= handed_out_) {
                    ++handed_out_;
                    if (!reply.is_nil()) each(keys_[place / 2], expiry == gone ? -1 : expiry, reply.text());
                }
            });
        });
    }

    [[nodiscard]] std::size_t size() const { return keys_.size(); }

  private:
    std::vector<std::string> keys_;
    bool expiry_times_;
    redis::Commands commands_;
    std::shared_ptr<redis::Sent> sent_;
    std::size_t handed_out_ = 0;
};

// The keys of the place, page by page.
class Pages {
  public:
    Pages(redis::Connection& connection, const KeyPlace& place)
        : place_(place),
          scan_(connection, {.match = redis::escape_glob(place.name_space + place.scope.below) + "*"}) {}

    bool next(std::vector<std::string>& keys) {
        if (!scan_.next(keys)) return false;
        std::erase_if(keys, [this](const std::string& key) {
            return !place_.scope.contains(std::string_view{key}.substr(place_.name_space.size()));
        });
        return true;
    }

  private:
    const KeyPlace& place_;
    redis::Scan scan_;
};

class Walk {
  public:
    Walk(redis::Connection& connection, const KeyPlace& place,
         const std::function<void(const ArchivedKey&)>& each, const std::function<void(std::size_t)>& between)
        : connection_(connection),
          name_space_(place.name_space.size()),
          pages_(connection, place),
          each_(each),
          between_(between),
          expiry_times_(tells_expiry_time(connection.server())) {}

    void run() {
        std::vector<std::string> page;
        while (pages_.next(page)) {
            for (std::size_t at = 0; at < page.size();) {
                const auto size = std::min(room(), page.size() - at);
                const auto begin = std::make_move_iterator(page.begin() + static_cast<std::ptrdiff_t>(at));
                std::vector<std::string> keys(begin, begin + static_cast<std::ptrdiff_t>(size));
                auto next = std::make_unique<Batch>(std::move(keys), expiry_times_);
                next->send(connection_);
                finish();
                current_ = std::move(next);
                at += size;
            }
        }
        finish();
    }

  private:
    [[nodiscard]] std::size_t room() const {
        return std::clamp<std::size_t>(bytes_under_way / typical_bytes_, 1, most_keys);
    }

    void finish() {
        if (!current_) return;
        std::size_t bytes = 0;
        current_->receive(connection_,
                          [&](std::string_view key, std::int64_t expiry, std::string_view payload) {
                              bytes += key.size() + payload.size();
                              each_({key.substr(name_space_), expiry, payload});
                          });
        const auto typical = bytes / current_->size() + 1;
        // A few large ones among many small ones are remembered for a while.
        typical_bytes_ = std::max(typical, typical_bytes_ - typical_bytes_ / 4);
        between_(current_->size());
        current_.reset();
    }

    redis::Connection& connection_;
    std::size_t name_space_;
    Pages pages_;
    const std::function<void(const ArchivedKey&)>& each_;
    const std::function<void(std::size_t)>& between_;
    bool expiry_times_;
    std::unique_ptr<Batch> current_;
    std::size_t typical_bytes_ = 8192;  // larger than most: what comes is not known yet
};

}  // namespace

void read_keys(redis::Connection& connection, const KeyPlace& place,
               const std::function<void(const ArchivedKey&)>& each,
               const std::function<void(std::size_t)>& between) {
    Walk(connection, place, each, between).run();
}

bool has_keys(redis::Connection& connection, const KeyPlace& place) {
    Pages pages(connection, place);
    std::vector<std::string> page;
    while (pages.next(page)) {
        if (!page.empty()) return true;
    }
    return false;
}

void remove_keys(redis::Connection& connection, const KeyPlace& place,
                 const std::function<void(std::size_t)>& between) {
    Pages pages(connection, place);
    std::vector<std::string> page;
    while (pages.next(page)) {
        if (page.empty()) continue;
        redis::Commands commands;
        commands.add_list({"UNLINK"}, page);
        connection.repeat([&] { connection.pipeline(commands); });
        between(page.size());
    }
}

std::int64_t server_time(redis::Connection& connection) {
    std::int64_t now = 0;
    connection.repeat([&] { now = milliseconds(connection.call("TIME").view()); });
    return now;
}

}  // namespace tti::backup
