#include "network_server/record_work.hpp"

#include <algorithm>
#include <numeric>

#include "key_space/values.hpp"
#include "lorawan/mutex.hpp"

namespace tti::network_server {
namespace {

using lorawan::Guarded;

constexpr std::size_t batch_size = 128;
constexpr int rounds_together = 3;
constexpr int tries_alone = 10;
// A crashed holder blocks for ten seconds at most, and a few may stand in line before us.
constexpr std::chrono::seconds patience{30};

class Settling {
  public:
    Settling(key_space::Session& session, std::span<const std::string> keys, RecordWork& work)
        : session_(session), keys_(keys), work_(work), reader_(session.connection()) {}

    void all() {
        std::vector<std::size_t> items(keys_.size());
        std::iota(items.begin(), items.end(), std::size_t{0});
        for (int round = 0; round < rounds_together && !items.empty(); ++round) items = together(items);
        for (const auto item : items) alone(item);
    }

  private:
    // What is left: busy or changed.
    std::vector<std::size_t> together(std::span<const std::size_t> items) {
        std::vector<std::size_t> left;
        for (std::size_t start = 0; start < items.size(); start += batch_size) {
            const auto batch = items.subspan(start, std::min(batch_size, items.size() - start));
            for (const auto item : once(batch, {})) left.push_back(item);
        }
        return left;
    }

    void alone(std::size_t item) {
        for (int attempt = 0; attempt < tries_alone; ++attempt) {
            const lorawan::Mutex mutex(session_.connection(), keys_[item], patience);
            if (once({&item, 1}, mutex.owner()).empty()) return;
        }
        work_.failed(item, "it changes all the time");
    }

    std::vector<std::size_t> once(std::span<const std::size_t> items, std::string_view owner) {
        struct Written {
            std::size_t item;
            ChangeResult result;
        };
        std::vector<Written> written;
        session_.connection().repeat([&] {
            written.clear();
            const auto found = work_.changes(items, read(items));
            std::vector<GuardedChange> changes;
            for (std::size_t index = 0; index < items.size(); ++index) {
                if (!found[index]) continue;
                changes.push_back(*found[index]);
                written.push_back({items[index], {}});
            }
            const auto results = apply(session_.connection(), changes, owner);
            for (std::size_t index = 0; index < results.size(); ++index)
                written[index].result = results[index];
        });
        std::vector<std::size_t> left;
        for (const auto& [item, result] : written) {
            if (!result.error.empty()) {
                work_.failed(item, result.error);
            } else if (result.outcome == Guarded::done) {
                work_.done(item);
            } else {
                left.push_back(item);
            }
        }
        return left;
    }

    std::vector<std::optional<std::string>> read(std::span<const std::size_t> items) {
        std::vector<std::string_view> keys;
        for (const auto item : items) keys.push_back(keys_[item]);
        std::vector<std::optional<std::string>> values(items.size());
        reader_.read(keys, [&](std::size_t index, std::optional<std::string_view> value) {
            if (value) values[index].emplace(*value);
        });
        return values;
    }

    key_space::Session& session_;
    std::span<const std::string> keys_;
    RecordWork& work_;
    key_space::ValueReader reader_;
};

}  // namespace

void settle(key_space::Session& session, std::span<const std::string> record_keys, RecordWork& work) {
    Settling(session, record_keys, work).all();
}

}  // namespace tti::network_server
