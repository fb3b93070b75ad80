#include "cli/plan_text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/text_layout.hpp"
#include "util/text.hpp"

namespace tti::cli {
namespace {

using operation::Amounts;
using operation::Plan;
using operation::Step;

// Steps of one database and group, or of several groups whose steps differ only in how much they touch.
struct Block {
    std::string database;
    std::vector<std::string> groups;
    std::vector<Step> steps;
};

bool alike(const Step& a, const Step& b) {
    return a.name == b.name && a.what == b.what && a.why == b.why && a.lock == b.lock &&
           a.destroys == b.destroys && a.undo == b.undo;
}

bool alike(const std::vector<Step>& a, const std::vector<Step>& b) {
    return std::ranges::equal(a, b, [](const Step& x, const Step& y) { return alike(x, y); });
}

std::vector<Block> by_group(const std::vector<Step>& steps) {
    std::vector<Block> blocks;
    for (const auto& step : steps) {
        if (blocks.empty() || blocks.back().groups.front() != step.group ||
            blocks.back().database != step.database)
            blocks.push_back({step.database, {step.group}, {}});
        blocks.back().steps.push_back(step);
    }
    return blocks;
}

void merge(Block& into, const Block& block) {
    into.groups.push_back(block.groups.front());
    for (std::size_t i = 0; i < into.steps.size(); ++i) {
        for (const auto& amount : block.steps[i].touches)
            add(into.steps[i].touches, amount.what, amount.number);
    }
}

std::vector<Block> merged(const std::vector<Block>& blocks) {
    std::vector<Block> result;
    for (const auto& block : blocks) {
        if (!result.empty() && result.back().database == block.database &&
            alike(result.back().steps, block.steps)) {
            merge(result.back(), block);
        } else {
            result.push_back(block);
        }
    }
    return result;
}

std::string tenants_text(const Block& block) {
    constexpr std::size_t named = 5;
    if (block.groups.size() == 1) {
        return block.groups.front().empty() ? "" : fmt::format("tenant {}", block.groups.front());
    }
    const auto count = std::min(named, block.groups.size());
    std::vector<std::string> names(block.groups.begin(),
                                   block.groups.begin() + static_cast<std::ptrdiff_t>(count));
    std::ranges::replace(names, std::string(), std::string("the default one"));
    const auto more = block.groups.size() - count;
    return fmt::format("each of {} tenants ({}{})", block.groups.size(), util::join(names, ", "),
                       more == 0 ? "" : fmt::format(" and {} more", more));
}

std::string heading(const Block& block) {
    auto text = tenants_text(block);
    if (!block.database.empty())
        return fmt::format("  {}{}{}:\n", block.database, text.empty() ? "" : ", ", text);
    if (text.empty()) return text;
    text.front() = util::upper(text).front();
    return fmt::format("  {}:\n", text);
}

std::string facts(const Step& step) {
    std::vector<std::string> parts;
    if (!step.why.empty()) parts.push_back(step.why);
    if (!step.touches.empty()) parts.push_back("touches " + describe(step.touches));
    parts.push_back(fmt::format("locks: {}", describe(step.lock)));
    if (step.destroys) parts.emplace_back("destroys");
    parts.push_back("undo: " + (step.undo.empty() ? std::string("cannot be undone") : step.undo));
    return util::join(parts, "; ");
}

std::string step_text(const Step& step, std::size_t number, std::size_t width) {
    const auto place = fmt::format("{:>4}. ", number);
    const auto indent = place.size();
    return place + wrap(fmt::format("{}: {}", step.name, step.what), width, indent) + "\n" +
           std::string(indent, ' ') + wrap(facts(step), width, indent) + "\n";
}

std::string remarks(std::string_view title, const std::vector<std::string>& texts, std::size_t width) {
    std::string result;
    for (const auto& text : texts)
        result += fmt::format("  {}: {}\n", title, wrap(text, width, title.size() + 4));
    return result;
}

std::string_view title_word(const Plan& plan, bool dry_run) {
    if (plan.steps.empty() && plan.refusals.empty()) return "Nothing to do";
    return dry_run ? "Plan (dry run, nothing is changed)" : "Plan";
}

}  // namespace

std::string plan_text(const Plan& plan, bool dry_run, std::size_t width) {
    std::string text = fmt::format("{}: {}\n", title_word(plan, dry_run), plan.title);
    for (const auto& block : merged(by_group(plan.steps))) {
        text += heading(block);
        std::size_t number = 0;
        for (const auto& step : block.steps) text += step_text(step, ++number, width);
    }
    text += remarks("Note", plan.notes, width);
    text += remarks("Refused", plan.refusals, width);
    if (!plan.confirmation.empty()) text += remarks("To agree to", {plan.confirmation}, width);
    if (plan.shows_hash && !plan.steps.empty()) text += fmt::format("  Hash: {}\n", plan.hash());
    return text;
}

nlohmann::json amounts_data(const Amounts& amounts) {
    auto data = nlohmann::json::object();
    for (const auto& amount : amounts) data[amount.what] = amount.number;
    return data;
}

nlohmann::json plan_data(const Plan& plan, bool dry_run) {
    auto steps = nlohmann::json::array();
    for (const auto& step : plan.steps) {
        steps.push_back({{"name", step.name},
                         {"what", step.what},
                         {"why", step.why},
                         {"touches", amounts_data(step.touches)},
                         {"lock", describe(step.lock)},
                         {"destroys", step.destroys},
                         {"undo", step.undo},
                         {"tenant", step.group}});
        if (!step.database.empty()) steps.back()["database"] = step.database;
    }
    return {{"event", "plan"},           {"title", plan.title},
            {"hash", plan.hash()},       {"dry_run", dry_run},
            {"steps", std::move(steps)}, {"notes", plan.notes},
            {"refusals", plan.refusals}, {"confirmation", plan.confirmation}};
}

}  // namespace tti::cli
