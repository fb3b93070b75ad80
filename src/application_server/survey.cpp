#include "application_server/survey.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "application_server/page_judge.hpp"
#include "key_space/walk.hpp"

namespace tti::application_server {
namespace {

using lorawan::KeyKind;

constexpr std::size_t sample_pages = 8;

class Surveyor {
  public:
    explicit Surveyor(key_space::Session& session) : judge_(session) {}

    void page(std::span<const key_space::FoundKey> found,
              std::span<const std::optional<std::string_view>> values) {
        keys_.clear();
        uids_.clear();
        values_.clear();
        for (std::size_t index = 0; index < found.size(); ++index) {
            if (found[index].match.kind != KeyKind::as_device) continue;
            keys_.emplace_back(found[index].key);
            uids_.push_back(found[index].match.parts[0]);
            values_.push_back(values[index]);
        }
        // Nothing is counted before it is judged, since a page may come again.
        const auto records = judge_.judge_all(keys_, values_);
        result_.legacy_lists += static_cast<std::int64_t>(found.size() - keys_.size());
        for (std::size_t index = 0; index < records.size(); ++index) note(uids_[index], records[index]);
    }
    [[nodiscard]] const Survey& result() const { return result_; }

  private:
    void note(std::string_view uid, const JudgedRecord& record) {
        if (!record.there) return;
        ++result_.devices;
        if (record.judgement.state == RecordState::to_change) ++result_.to_change;
        if (record.judgement.state == RecordState::broken) result_.broken.add(uid, record.judgement.reason);
    }

    PageJudge judge_;
    Survey result_;
    std::vector<std::string_view> keys_;
    std::vector<std::string_view> uids_;
    std::vector<std::optional<std::string_view>> values_;
};

Survey look(key_space::Session& session, std::size_t most_pages, key_space::WalkEnd& end) {
    Surveyor surveyor(session);
    end = key_space::walk_records(
        session, {.kinds = {KeyKind::as_device, KeyKind::as_legacy_uplinks}, .most_pages = most_pages}, {},
        [&surveyor](auto found, auto values) { surveyor.page(found, values); });
    return surveyor.result();
}

std::int64_t database_size(key_space::Session& session) {
    std::int64_t size = 0;
    session.connection().repeat([&] { size = session.connection().call("DBSIZE")->integer(); });
    return size;
}

}  // namespace

Survey survey(key_space::Session& session) {
    key_space::WalkEnd end;
    return look(session, 0, end);
}

Survey sample(key_space::Session& session) {
    key_space::WalkEnd end;
    auto result = look(session, sample_pages, end);
    if (end.complete) return result;
    result.estimate = true;
    const auto visited = static_cast<std::int64_t>(end.pages * redis::scan_count);
    const auto size = std::max(database_size(session), visited);
    for (auto* const count : {&result.devices, &result.to_change, &result.legacy_lists}) {
        *count = *count * size / visited;
    }
    return result;
}

}  // namespace tti::application_server
