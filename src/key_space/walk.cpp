#include "key_space/walk.hpp"

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "key_space/values.hpp"

namespace tti::key_space {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view checkpoint_seconds = "86400";
constexpr std::chrono::seconds between_checkpoints{1};

// The keys of a page that are of the wanted kinds. The strings are moved once, then looked into.
std::vector<FoundKey> wanted(const lorawan::Keys& keys, std::vector<std::string>& page,
                             const std::vector<lorawan::KeyKind>& kinds) {
    std::vector<FoundKey> found;
    found.reserve(page.size());
    for (auto& key : page) {
        found.push_back({std::move(key), {}});
        const auto match = keys.parse(found.back().key);
        if (match && std::ranges::find(kinds, match->kind) != kinds.end()) {
            found.back().match = *match;
        } else {
            found.pop_back();
        }
    }
    return found;
}

// A page of SCAN, and where the next one begins.
struct Page {
    std::vector<FoundKey> found;
    std::string cursor;
    std::string run_id;
};

// Part of a page; empty where nothing of the page is wanted.
struct Batch {
    std::shared_ptr<const Page> page;
    std::span<const FoundKey> found;
    [[nodiscard]] bool ends_page() const {
        return found.data() + found.size() == page->found.data() + page->found.size();
    }
};

class Batches {
  public:
    Batches(Session& session, const WalkOptions& options)
        : session_(session),
          options_(options),
          scan_(session.connection(),
                {.match = session.keys().glob(options.kinds),
                 .type = options.type,
                 .cursor = options.checkpoint == nullptr ? "0" : options.checkpoint->cursor()}) {}

    // The next at most `most` keys; nothing at the end.
    std::optional<Batch> next(std::size_t most) {
        if (rest_.empty() && !next_page()) return std::nullopt;
        const auto found = rest_.first(std::min(most, rest_.size()));
        rest_ = rest_.subspan(found.size());
        return Batch{page_, found};
    }
    [[nodiscard]] const WalkEnd& end() const { return end_; }

  private:
    bool next_page() {
        end_.complete = end_.pages > 0 && scan_.cursor() == "0";
        const bool enough = options_.most_pages > 0 && end_.pages == options_.most_pages;
        if (end_.complete || enough) return false;
        scan_.next(keys_);
        ++end_.pages;
        page_ = std::make_shared<Page>(
            Page{wanted(session_.keys(), keys_, options_.kinds), scan_.cursor(), scan_.run_id()});
        rest_ = page_->found;
        return true;
    }

    Session& session_;
    const WalkOptions& options_;
    redis::Scan scan_;
    std::vector<std::string> keys_;
    std::shared_ptr<const Page> page_;
    std::span<const FoundKey> rest_;
    WalkEnd end_;
};

class Walker {
  public:
    Walker(Session& session, const WalkOptions& options, const WalkReport& report)
        : session_(session), report_(report), checkpoint_(options.checkpoint) {}

    void hand_out(const Batch& batch, const std::function<void()>& work) {
        if (!batch.found.empty()) {
            session_.require_lock();
            session_.connection().repeat(work);
            done_ += static_cast<std::int64_t>(batch.found.size());
            session_.pace().spent(batch.found.size());
        }
        tell();
        if (batch.ends_page()) save(*batch.page);
    }
    [[nodiscard]] std::size_t most() const { return session_.pace().batch(report_.most); }

  private:
    void tell() const {
        if (report_.step == nullptr) return;
        report_.step->progress(report_.unit, done_, std::max(done_, report_.total));
        report_.step->safe_point();
    }
    void save(const Page& page) {
        if (checkpoint_ == nullptr || Clock::now() - saved_ < between_checkpoints) return;
        // After a reconnection to another process the cursor means nothing any more.
        if (page.run_id != session_.connection().server().run_id) return;
        checkpoint_->save(page.cursor, done_);
        saved_ = Clock::now();
    }

    Session& session_;
    const WalkReport& report_;
    Checkpoint* checkpoint_;
    Clock::time_point saved_ = Clock::now();
    std::int64_t done_ = 0;
};

// The values of a batch, which the server looks for while the caller works on the batch before.
class BatchValues {
  public:
    BatchValues(ValueReader& reader, std::span<const FoundKey> found) : reader_(reader) {
        for (const auto& one : found) keys_.emplace_back(one.key);
        if (!keys_.empty()) sent_ = reader_.send(keys_);
    }
    // Valid as long as this is.
    std::span<const std::optional<std::string_view>> receive() {
        if (!keys_.empty()) reader_.receive(keys_, sent_, values_);
        return values_;
    }

  private:
    ValueReader& reader_;
    std::vector<std::string_view> keys_;
    std::shared_ptr<redis::Sent> sent_;
    std::vector<std::optional<std::string_view>> values_;
};

// A walk that ends before its end leaves its place.
WalkOptions effective(const WalkOptions& options, const WalkReport& report) {
    auto result = options;
    if (report.step == nullptr) result.checkpoint = nullptr;
    return result;
}

}  // namespace

Checkpoint::Checkpoint(Session& session, std::string operation)
    : session_(session), key_(fmt::format("{}tti:checkpoint:{}", session.keys().prefix(), operation)) {
    std::ranges::replace(key_, ' ', '-');
}

std::string Checkpoint::cursor() const {
    std::string text;
    session_.connection().repeat([&] {
        const auto reply = session_.connection().call("GET", key_);
        text = reply->is_nil() ? std::string_view() : reply->text();
    });
    const auto data = nlohmann::json::parse(text, nullptr, false);
    const bool ours = data.is_object() && data.value("run_id", "") == session_.connection().server().run_id;
    return ours ? data.value("cursor", "0") : "0";
}

void Checkpoint::save(const std::string& cursor, std::int64_t done) {
    if (session_.dry_run()) return;
    const nlohmann::json data{
        {"cursor", cursor}, {"run_id", session_.connection().server().run_id}, {"done", done}};
    session_.connection().repeat(
        [&] { session_.connection().call("SET", key_, data.dump(), "EX", checkpoint_seconds); });
}

void Checkpoint::forget() {
    if (session_.dry_run()) return;
    session_.connection().repeat([&] { session_.connection().call("UNLINK", key_); });
}

void walk(Session& session, const WalkOptions& options, const WalkReport& report,
          const std::function<void(std::span<const FoundKey>)>& page) {
    const auto chosen = effective(options, report);
    Batches batches(session, chosen);
    Walker walker(session, chosen, report);
    while (const auto batch = batches.next(walker.most())) {
        walker.hand_out(*batch, [&] { page(batch->found); });
    }
    if (chosen.checkpoint != nullptr) chosen.checkpoint->forget();
}

WalkEnd walk_records(Session& session, const WalkOptions& options, const WalkReport& report,
                     const RecordPage& page) {
    const auto chosen = effective(options, report);
    ValueReader reader(session.connection());
    Batches batches(session, chosen);
    Walker walker(session, chosen, report);
    std::optional<Batch> batch;
    std::optional<BatchValues> ahead;
    const auto advance = [&] {
        batch = batches.next(std::min(walker.most(), reader.room()));
        ahead.reset();
        if (batch) ahead.emplace(reader, batch->found);
    };
    advance();
    while (batch) {
        const auto current = *batch;
        auto asked = std::move(*ahead);
        const auto values = asked.receive();
        advance();
        walker.hand_out(current, [&] { page(current.found, values); });
    }
    if (chosen.checkpoint != nullptr) chosen.checkpoint->forget();
    return batches.end();
}

}  // namespace tti::key_space
