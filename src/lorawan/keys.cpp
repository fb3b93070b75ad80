#include "lorawan/keys.hpp"

#include <algorithm>
#include <stdexcept>

#include "lorawan/key_pattern.hpp"
#include "redis/scan.hpp"

namespace tti::lorawan {
namespace {

constexpr std::string_view lock_suffix = ":lock";
constexpr std::string_view list_suffix = ":list";

std::string_view helper_suffix(KeyKind kind) {
    if (kind == KeyKind::lock_helper) return lock_suffix;
    if (kind == KeyKind::hand_over_list) return list_suffix;
    return {};
}

// The rules' patterns, and which of them begin with a character; those of a server stand together.
class Grammar {
  public:
    Grammar() {
        for (const KeyRule& rule : key_rules()) {
            Range& range = ranges_.at(static_cast<unsigned char>(rule.pattern.front()));
            if (range.end == 0) range.begin = patterns_.size();
            patterns_.emplace_back(rule.pattern);
            range.end = patterns_.size();
        }
        ranges_.at('{') = {};  // the helpers of other keys
    }

    [[nodiscard]] const Pattern& pattern(KeyKind kind) const {
        return patterns_.at(static_cast<std::size_t>(kind));
    }

    [[nodiscard]] std::optional<Keys::Match> match(std::string_view below) const {
        if (below.empty() || static_cast<unsigned char>(below.front()) >= ranges_.size()) return std::nullopt;
        const Range& range = ranges_[static_cast<unsigned char>(below.front())];
        Keys::Match match{};
        for (std::size_t index = range.begin; index < range.end; ++index) {
            if (!patterns_[index].matches(below, match.parts)) continue;
            match.kind = static_cast<KeyKind>(index);
            return match;
        }
        return std::nullopt;
    }

    // Of any kind, or the mutex of a transaction of an application package, which is never a key itself.
    [[nodiscard]] bool is_lockable(std::string_view below) const {
        std::array<std::string_view, 3> parts;
        return match(below).has_value() || package_transaction_.matches(below, parts);
    }

  private:
    struct Range {
        std::size_t begin = 0;
        std::size_t end = 0;
    };
    std::vector<Pattern> patterns_;
    std::array<Range, 128> ranges_{};
    Pattern package_transaction_{"as:io:applicationpackages:transaction:{owner}:{port}:{text}"};
};

const Grammar& grammar() {
    static const Grammar grammar;
    return grammar;
}

std::string common_start(std::span<const KeyKind> kinds) {
    std::string_view common = grammar().pattern(kinds.front()).literal_start();
    for (const KeyKind kind : kinds.subspan(1)) {
        const std::string_view other = grammar().pattern(kind).literal_start();
        const auto difference = std::ranges::mismatch(common, other);
        common = common.substr(0, static_cast<std::size_t>(difference.in1 - common.begin()));
    }
    return std::string(common);
}

}  // namespace

Keys::Keys(std::span<const std::string> name_space) {
    for (const std::string& part : name_space) {
        prefix_ += part + ":";
    }
}

std::string Keys::key(KeyKind kind, std::initializer_list<std::string_view> parts) const {
    const std::string_view suffix = helper_suffix(kind);
    if (suffix.empty()) return prefix_ + grammar().pattern(kind).fill(parts);
    return grammar().pattern(kind).fill(parts);
}

std::string Keys::glob(KeyKind kind) const {
    return redis::escape_glob(prefix_) + grammar().pattern(kind).glob();
}

std::string Keys::glob(std::span<const KeyKind> kinds) const {
    if (kinds.empty()) throw std::logic_error("a glob for no kind of key");
    if (kinds.size() == 1) return glob(kinds.front());
    return redis::escape_glob(prefix_) + common_start(kinds) + "*";
}

std::string Keys::glob_below(std::string_view text) const {
    return redis::escape_glob(prefix_) + redis::escape_glob(text) + "*";
}

std::optional<Keys::Match> Keys::parse(std::string_view key) const {
    if (!key.starts_with(prefix_)) return std::nullopt;
    const std::string_view below = key.substr(prefix_.size());
    if (auto match = grammar().match(below)) return match;
    for (const KeyKind kind : {KeyKind::lock_helper, KeyKind::hand_over_list}) {
        const std::string_view suffix = helper_suffix(kind);
        if (below.ends_with(suffix) && grammar().is_lockable(below.substr(0, below.size() - suffix.size()))) {
            return Match{kind, {key.substr(0, key.size() - suffix.size())}};
        }
    }
    return std::nullopt;
}

}  // namespace tti::lorawan
