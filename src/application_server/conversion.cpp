#include "application_server/conversion.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "operation/failure_point.hpp"

namespace tti::application_server {
namespace {

using lorawan::Guarded;

// A server of the stack holds a mutex for a few milliseconds.
constexpr int most_hasty_rounds = 4;
constexpr std::chrono::milliseconds between_rounds{5};
// A mutex that was left by a killed server is free after 10 s; others may stand in line.
constexpr std::chrono::seconds patience_in_line{15};
constexpr int tries_in_line = 8;

}  // namespace

std::string_view Conversion::uid(std::string_view key) const {
    return key.substr(session_.keys().key(lorawan::KeyKind::as_device, {""}).size());
}

// Fills the candidates and their replacements from what is pending.
void Conversion::collect(std::span<const JudgedRecord> records) {
    candidates_.clear();
    replacements_.clear();
    for (std::size_t index = 0; index < records.size(); ++index) {
        const auto& [there, judgement, text] = records[index];
        if (!there) continue;
        if (judgement.state == RecordState::broken) note_broken(pending_[index], judgement.reason);
        if (judgement.state != RecordState::to_change) continue;
        candidates_.push_back(pending_[index]);
        replacements_.push_back({std::string(pending_[index]), text, judgement.value});
    }
}

void Conversion::note_broken(std::string_view key, const std::string& reason) {
    const auto known = std::ranges::find(broken_of_page_, uid(key), &Broken::first);
    if (known == broken_of_page_.end()) broken_of_page_.emplace_back(uid(key), reason);
}

// What is left afterwards is pending. True where that is only what somebody holds.
bool Conversion::replace_some() {
    pending_.clear();
    const auto outcomes = lorawan::replace_guarded(connection_, replacements_);
    operation::failure_point("as-db migrate batch written");
    for (std::size_t index = 0; index < outcomes.size(); ++index) {
        if (outcomes[index] == Guarded::done) ++changed_;
        if (outcomes[index] != Guarded::done) pending_.push_back(candidates_[index]);
    }
    return std::ranges::none_of(outcomes, [](Guarded one) { return one == Guarded::changed; });
}

void Conversion::replace_in_line(std::string_view key) {
    pending_.assign(1, key);
    for (int attempt = 0; attempt < tries_in_line; ++attempt) {
        const lorawan::Mutex mutex(connection_, std::string(key), patience_in_line);
        collect(judge_.judge_all(pending_));
        if (replacements_.empty()) return;
        const auto outcome = lorawan::replace_guarded(connection_, replacements_, mutex.owner()).front();
        if (outcome != Guarded::done) continue;  // a batch deletion takes no mutex
        ++changed_;
        return;
    }
    held_.add(uid(key), "it changed whenever it was to be written");
}

void Conversion::hasty_rounds(std::span<const std::optional<std::string_view>> values) {
    auto records = judge_.judge_all(pending_, values);
    seen_on_page_ = std::ranges::count(records, true, &JudgedRecord::there);
    for (int round = 1;; ++round) {
        collect(records);
        operation::failure_point("as-db migrate batch read");
        const bool only_held = replace_some();
        if (round == most_hasty_rounds || pending_.empty()) return;
        if (only_held) std::this_thread::sleep_for(between_rounds);
        records = judge_.judge_all(pending_);
    }
}

void Conversion::page(std::span<const key_space::FoundKey> found,
                      std::span<const std::optional<std::string_view>> values) {
    broken_of_page_.clear();  // the page may come again, after a lost connection
    pending_.clear();
    for (const auto& one : found) pending_.emplace_back(one.key);
    hasty_rounds(values);
    const auto left = pending_;
    for (const auto key : left) {
        try {
            connection_.repeat([&] { replace_in_line(key); });
        } catch (const LockedError& error) {
            held_.add(uid(key), error.what());
        }
    }
    seen_ += seen_on_page_;
    for (const auto& [record, reason] : broken_of_page_) broken_.add(record, reason);
}

}  // namespace tti::application_server
