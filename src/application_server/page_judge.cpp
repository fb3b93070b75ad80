#include "application_server/page_judge.hpp"

#include <fmt/format.h>

namespace tti::application_server {

std::span<const JudgedRecord> PageJudge::judge_all(std::span<const std::string_view> keys) {
    records_.assign(keys.size(), {});
    // By index, since after a lost connection the same value may come again.
    reader_.read(keys,
                 [this](std::size_t index, std::optional<std::string_view> value) { look_at(index, value); });
    return finish(keys);
}

std::span<const JudgedRecord> PageJudge::judge_all(std::span<const std::string_view> keys,
                                                   std::span<const std::optional<std::string_view>> values) {
    records_.assign(keys.size(), {});
    for (std::size_t index = 0; index < keys.size(); ++index) look_at(index, values[index]);
    return finish(keys);
}

void PageJudge::look_at(std::size_t index, std::optional<std::string_view> value) {
    auto& record = records_[index];
    record.there = value.has_value();
    if (!value) return;
    record.judgement = judge(*value);
    if (record.judgement.state == RecordState::to_change) record.text = *value;
}

std::span<const JudgedRecord> PageJudge::finish(std::span<const std::string_view> keys) {
    for (std::size_t index = 0; index < keys.size(); ++index) {
        if (!records_[index].there) records_[index] = without_value(keys[index]);
    }
    return records_;
}

JudgedRecord PageJudge::without_value(std::string_view key) {
    std::string type;
    session_.connection().repeat([&] { type = session_.connection().call("TYPE", key)->text(); });
    // A string by now: deleted and made anew since, by a server that writes it as it should be.
    if (type == "none" || type == "string") return {};
    return {true, {RecordState::broken, {}, fmt::format("the key is a {}, not a string", type)}, {}};
}

}  // namespace tti::application_server
