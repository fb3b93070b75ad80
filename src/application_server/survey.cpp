#include "application_server/survey.hpp"

#include <string_view>
#include <vector>

#include "application_server/page_judge.hpp"
#include "key_space/walk.hpp"

namespace tti::application_server {
namespace {

using lorawan::KeyKind;

class Surveyor {
  public:
    explicit Surveyor(key_space::Session& session) : judge_(session) {}

    void page(std::span<const key_space::FoundKey> found) {
        keys_.clear();
        uids_.clear();
        for (const auto& one : found) {
            if (one.match.kind != KeyKind::as_device) continue;
            keys_.emplace_back(one.key);
            uids_.push_back(one.match.parts[0]);
        }
        // Nothing is counted before it is read, since a page may come again.
        const auto records = judge_.judge_all(keys_);
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
};

}  // namespace

Survey survey(key_space::Session& session) {
    Surveyor surveyor(session);
    key_space::walk(session, {.kinds = {KeyKind::as_device, KeyKind::as_legacy_uplinks}}, {},
                    [&surveyor](std::span<const key_space::FoundKey> page) { surveyor.page(page); });
    return surveyor.result();
}

}  // namespace tti::application_server
