#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "application_server/device_record.hpp"
#include "key_space/session.hpp"
#include "key_space/values.hpp"

namespace tti::application_server {

struct JudgedRecord {
    bool there = false;  // false: it was deleted since its key was found
    Judgement judgement;
    std::string text;  // of one to change: as it was read
};

// Reads and judges the records of many keys. Keep one for a whole walk.
class PageJudge {
  public:
    explicit PageJudge(key_space::Session& session) : session_(session), reader_(session.connection()) {}

    // One for every key, in their order; valid until the next call.
    std::span<const JudgedRecord> judge_all(std::span<const std::string_view> keys);
    // The same where the values were read already.
    std::span<const JudgedRecord> judge_all(std::span<const std::string_view> keys,
                                            std::span<const std::optional<std::string_view>> values);

  private:
    void look_at(std::size_t index, std::optional<std::string_view> value);
    std::span<const JudgedRecord> finish(std::span<const std::string_view> keys);
    [[nodiscard]] JudgedRecord without_value(std::string_view key);

    key_space::Session& session_;
    key_space::ValueReader reader_;
    std::vector<JudgedRecord> records_;
};

}  // namespace tti::application_server
