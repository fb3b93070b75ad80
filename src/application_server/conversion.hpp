#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "application_server/page_judge.hpp"
#include "key_space/walk.hpp"
#include "lorawan/mutex.hpp"
#include "operation/failures.hpp"

namespace tti::application_server {

// Takes started_at out of the sessions of end devices while the stack may be running: a record is written
// only while nobody holds its mutex and its value is still the one that was judged. Records that are held are
// tried again, and at last waited for in line.
class Conversion {
  public:
    explicit Conversion(key_space::Session& session)
        : session_(session), connection_(session.connection()), judge_(session) {}

    // Returns when every record of the page is right, gone, or among the failures. `values` is what they held
    // a moment ago.
    void page(std::span<const key_space::FoundKey> found,
              std::span<const std::optional<std::string_view>> values);

    // Records that were there.
    [[nodiscard]] std::int64_t seen() const { return seen_; }
    [[nodiscard]] std::int64_t changed() const { return changed_; }
    [[nodiscard]] const operation::Failures& broken() const { return broken_; }
    // Records whose mutex was never free.
    [[nodiscard]] const operation::Failures& held() const { return held_; }

  private:
    using Broken = std::pair<std::string_view, std::string>;  // UID, reason
    void collect(std::span<const JudgedRecord> records);
    void hasty_rounds(std::span<const std::optional<std::string_view>> values);
    void note_broken(std::string_view key, const std::string& reason);
    bool replace_some();
    void replace_in_line(std::string_view key);
    [[nodiscard]] std::string_view uid(std::string_view key) const;

    key_space::Session& session_;
    redis::Connection& connection_;
    PageJudge judge_;
    std::vector<std::string_view> pending_;
    std::vector<std::string_view> candidates_;
    std::vector<lorawan::Replacement> replacements_;
    std::vector<Broken> broken_of_page_;
    std::int64_t seen_on_page_ = 0;
    std::int64_t seen_ = 0;
    std::int64_t changed_ = 0;
    operation::Failures broken_;
    operation::Failures held_;
};

}  // namespace tti::application_server
