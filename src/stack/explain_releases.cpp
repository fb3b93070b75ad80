#include "stack/explain_releases.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "cli/text_layout.hpp"
#include "stack/databases.hpp"
#include "stack/releases.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::stack {
namespace {

constexpr std::size_t width = 100;

// Before it, no release note names a database.
constexpr Release first_known{3, 0, 0};

std::string newest_known() {
    const auto& newest = release_steps().back().release;
    return fmt::format("{}.{}", newest.major, newest.minor);
}

[[noreturn]] void refuse(std::string_view option, const std::string& text, const std::string& why) {
    throw UsageError(fmt::format("option {} = \"{}\": {}", option, text, why),
                     fmt::format("Name a release from {}.{} to {}, such as 3.24 or 3.24.1.",
                                 first_known.major, first_known.minor, newest_known()));
}

Release known_release(std::string_view option, const std::string& text, bool last_patch) {
    const auto release = parse_release(text, last_patch);
    if (!release) refuse(option, text, release.error());
    if (*release < first_known) refuse(option, text, "The Things Stack begins with 3.0");
    const auto& newest = release_steps().back().release;
    if (std::pair(release->major, release->minor) > std::pair(newest.major, newest.minor))
        refuse(option, text, fmt::format("this build knows the releases up to {}", newest_known()));
    return *release;
}

std::string_view words(DoneBy by) {
    switch (by) {
        case DoneBy::upgrade:
            return "upgrade";
        case DoneBy::asked:
            return "when you like";
        case DoneBy::stack:
            return "the stack's own";
        case DoneBy::hand:
            return "by hand";
        case DoneBy::nobody:
            return "not needed";
    }
    return "";
}

std::string_view meaning(DoneBy by) {
    switch (by) {
        case DoneBy::upgrade:
            return "tti-lw-stack upgrade does all of these at once, whichever releases lie between";
        case DoneBy::asked:
            return "tti-lw-stack has a command of that name; nothing waits for it";
        case DoneBy::stack:
            return "not this program's: the command of that name of the stack's own image";
        case DoneBy::hand:
            return "not this program's: an operator does it in templates or with psql";
        case DoneBy::nobody:
            return "this program makes it needless, or a later release does";
    }
    return "";
}

constexpr std::array every_way{DoneBy::upgrade, DoneBy::asked, DoneBy::stack, DoneBy::hand, DoneBy::nobody};

class Text {
  public:
    explicit Text(const std::vector<ReleaseStep>& steps) : steps_(steps) {
        for (const auto& step : steps) name_width_ = std::max(name_width_, step.name.size());
        for (const auto by : every_way) way_width_ = std::max(way_width_, words(by).size());
    }

    [[nodiscard]] std::string steps() const {
        std::string text;
        std::optional<Release> release;
        for (const auto& step : steps_) {
            if (step.release != release) text += fmt::format("\n{}\n", format(step.release));
            release = step.release;
            text += line(
                cli::pad_right(step.name, name_width_) + "  " + cli::pad_right(words(step.by), way_width_),
                step.what);
        }
        return text;
    }

    [[nodiscard]] std::string legend() const {
        std::string text;
        for (const auto by : every_way) {
            const auto count = std::ranges::count(steps_, by, &ReleaseStep::by);
            if (count > 0) {
                text += line(fmt::format("{:>{}} {}", count, 3, cli::pad_right(words(by), way_width_)),
                             meaning(by));
            }
        }
        return text;
    }

  private:
    static std::string line(const std::string& head, std::string_view rest) {
        const auto begin = "  " + head + "  ";
        return begin + cli::wrap(rest, width, begin.size()) + "\n";
    }

    const std::vector<ReleaseStep>& steps_;
    std::size_t name_width_ = 0;
    std::size_t way_width_ = 0;
};

std::vector<std::string> notes(const std::vector<ReleaseStep>& steps) {
    const auto any = [&steps](const auto& is) { return std::ranges::any_of(steps, is); };
    std::vector<std::string> notes;
    if (any([](const auto& step) { return step.by == DoneBy::upgrade; })) {
        notes.emplace_back(
            "Update the ops task first, then run tti-lw-stack upgrade, then update the services; on one "
            "machine, run it "
            "with the services of the old release or none.");
    }
    if (any([](const auto& step) {
            return step.name.starts_with("storage-db") || step.name.starts_with("noc-db");
        })) {
        notes.emplace_back(
            "The tables of storage-db and noc-db are this program's own; those that an Enterprise stack made "
            "are migrated "
            "by its image.");
    }
    return notes;
}

nlohmann::json steps_data(const std::vector<ReleaseStep>& steps) {
    auto data = nlohmann::json::array();
    for (const auto& step : steps) {
        data.push_back({{"release", format(step.release)},
                        {"step", step.name},
                        {"by", describe(step.by)},
                        {"what", step.what}});
    }
    return data;
}

std::vector<std::string> order() {
    std::vector<std::string> groups;
    for (const auto& database : databases()) groups.emplace_back(database.group);
    return groups;
}

}  // namespace

ReleasesExplained explain_releases(const std::string& from, const std::string& wanted_to) {
    const auto to = wanted_to.empty() ? newest_known() : wanted_to;
    const auto first = known_release("from", from, false);
    const auto last = known_release("to", to, true);
    if (first > last) {
        throw UsageError(
            fmt::format("option from = \"{}\": it is later than {}", from, to),
            "This program goes forward; tti-lw-stack is-db migrate --rollback undoes migrations.");
    }
    const auto steps = release_steps_between(first, last);
    const auto remarks = notes(steps);
    const Text shown(steps);
    auto text = steps.empty() ? fmt::format("From {} to {}: nothing is asked of the databases.\n", from, to)
                              : fmt::format("From {} to {}: {} steps.\n{}\n{}", from, to, steps.size(),
                                            shown.steps(), shown.legend());
    for (const auto& remark : remarks) text += "\n" + cli::wrap(remark, width) + "\n";
    return {
        text,
        {{"from", from}, {"to", to}, {"steps", steps_data(steps)}, {"order", order()}, {"notes", remarks}}};
}

}  // namespace tti::stack
