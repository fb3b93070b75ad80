#include "stack/releases.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "embedded/stack_releases.hpp"
#include "util/text.hpp"

namespace tti::stack {
namespace {

constexpr std::array names{
    std::pair{DoneBy::upgrade, std::string_view("upgrade")},
    std::pair{DoneBy::asked, std::string_view("asked")}, std::pair{DoneBy::stack, std::string_view("stack")},
    std::pair{DoneBy::hand, std::string_view("hand")}, std::pair{DoneBy::nobody, std::string_view("nobody")}};

std::optional<int> parse_number(std::string_view text) {
    constexpr std::size_t most_digits = 4;
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && text.front() != '-' && text.size() <= most_digits ? std::optional(number) : std::nullopt;
}

// For the table alone, which is right or a fault of the build.
Release required_release(const std::string& text) {
    const auto release = parse_release(text, false);
    if (!release) throw std::logic_error("releases.tsv: " + text);
    return *release;
}

ReleaseStep parse_line(std::string_view line) {
    std::array<std::string_view, 5> columns;
    for (auto& column : columns) {
        column = line.substr(0, line.find('\t'));
        line.remove_prefix(std::min(line.size(), column.size() + 1));
    }
    const auto by = std::ranges::find(names, columns[2], &decltype(names)::value_type::second);
    if (by == names.end() || columns[4].empty() || !line.empty())
        throw std::logic_error("releases.tsv: " + std::string(columns[0]));
    return {
        .release = required_release(std::string(columns[0])),
        .name = columns[1],
        .by = by->first,
        .gone = columns[3].empty() ? std::nullopt : std::optional(required_release(std::string(columns[3]))),
        .what = columns[4]};
}

std::vector<ReleaseStep> parse(std::string_view text) {
    std::vector<ReleaseStep> steps;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (!line.empty() && line.front() != '#') steps.push_back(parse_line(line));
    }
    return steps;
}

}  // namespace

std::string format(const Release& release) {
    return fmt::format("{}.{}.{}", release.major, release.minor, release.patch);
}

Expected<Release> parse_release(std::string_view text, bool last_patch) {
    auto rest = text;
    if (rest.starts_with("v")) rest.remove_prefix(1);
    if (rest.ends_with("-aws")) rest.remove_suffix(4);
    const auto parts = util::split(rest, '.');
    std::vector<int> numbers;
    for (const auto& part : parts) {
        if (const auto number = parse_number(part)) numbers.push_back(*number);
    }
    if (numbers.size() != parts.size() || numbers.size() < 2 || numbers.size() > 3)
        return unexpected("accepted: a release such as 3.24 or 3.24.1");
    if (numbers.size() == 2) numbers.push_back(last_patch ? std::numeric_limits<int>::max() : 0);
    return Release{numbers[0], numbers[1], numbers[2]};
}

std::string_view describe(DoneBy by) {
    return std::ranges::find(names, by, &decltype(names)::value_type::first)->second;
}

std::span<const ReleaseStep> release_steps() {
    static const auto steps = parse(embedded::stack_releases::file("releases.tsv"));
    return steps;
}

std::vector<ReleaseStep> release_steps_between(const Release& from, const Release& to) {
    std::vector<ReleaseStep> between;
    for (auto step : release_steps()) {
        if (step.release <= from || step.release > to) continue;
        if (step.gone && to >= *step.gone) step.by = DoneBy::nobody;
        between.push_back(step);
    }
    return between;
}

}  // namespace tti::stack
