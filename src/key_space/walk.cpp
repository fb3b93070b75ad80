#include "key_space/walk.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

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

class Walker {
  public:
    Walker(Session& session, const WalkReport& report,
           const std::function<void(std::span<const FoundKey>)>& page)
        : session_(session), report_(report), page_(page) {}

    void hand_out(std::span<const FoundKey> found) {
        while (!found.empty()) {
            const auto size = std::min(session_.pace().batch(report_.most), found.size());
            const auto batch = found.first(size);
            session_.require_lock();
            session_.connection().repeat([&] { page_(batch); });
            done_ += static_cast<std::int64_t>(size);
            session_.pace().spent(size);
            found = found.subspan(size);
            tell();
        }
    }

    void tell() const {
        if (report_.step == nullptr) return;
        report_.step->progress(report_.unit, done_, report_.total);
        report_.step->safe_point();
    }
    [[nodiscard]] std::int64_t done() const { return done_; }

  private:
    Session& session_;
    const WalkReport& report_;
    const std::function<void(std::span<const FoundKey>)>& page_;
    std::int64_t done_ = 0;
};

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
    auto* const checkpoint = report.step == nullptr ? nullptr : options.checkpoint;
    redis::Scan scan(session.connection(), {.match = session.keys().glob(options.kinds),
                                            .type = options.type,
                                            .cursor = checkpoint == nullptr ? "0" : checkpoint->cursor()});
    Walker walker(session, report, page);
    std::vector<std::string> keys;
    auto saved = Clock::now();
    while (scan.next(keys)) {
        const auto found = wanted(session.keys(), keys, options.kinds);
        walker.hand_out(found);
        walker.tell();
        if (checkpoint != nullptr && Clock::now() - saved >= between_checkpoints) {
            checkpoint->save(scan.cursor(), walker.done());
            saved = Clock::now();
        }
    }
    if (checkpoint != nullptr) checkpoint->forget();
}

}  // namespace tti::key_space
