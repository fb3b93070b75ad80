#include "setup/judgement.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "settings/value.hpp"
#include "setup/fields.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::setup {

const Text* Judgement::find(std::string_view name) const {
    const auto found = given_.texts.find(name);
    return found == given_.texts.end() ? nullptr : &found->second;
}

std::string Judgement::text(std::string_view name, const std::string& otherwise) const {
    const auto* found = find(name);
    return found == nullptr ? otherwise : found->text;
}

bool Judgement::is_set(std::string_view name) const {
    const auto field =
        std::ranges::find_if(fields(), [&](const Field& one) { return one.option.name == name; });
    return settings::parse_boolean(text(name, field->option.default_text)).value_or(false);
}

std::string Judgement::of(const Item& item, std::string_view name) {
    const auto found = item.texts.find(name);
    return found == item.texts.end() ? "" : found->second.text;
}

std::string Judgement::required(const std::string& name) {
    const auto* found = find(name);
    if (found != nullptr) return found->text;
    given_.problems.push_back({0, fmt::format("{} is missing", name)});
    return {};
}

std::string Judgement::id_of(const Item& item, std::string_view list) {
    if (!item.texts.contains("id")) problem(item, fmt::format("an item of {} has no id", list));
    return of(item, "id");
}

void Judgement::check(const std::string& name, const Expected<void>& result) {
    if (!result) problem(name, result.error());
}

void Judgement::check(const Item& item, const std::string& name, const Expected<void>& result) {
    // That there is no ID was said.
    if (!result && (name != "id" || item.texts.contains(name))) problem(item, name, result.error());
}

void Judgement::problem(const std::string& name, const std::string& what) {
    const auto* found = find(name);
    if (found != nullptr) return problem(*found, name, what);
    given_.problems.push_back({0, fmt::format("{}: {}", name, what)});
}

void Judgement::problem(const Item& item, const std::string& name, const std::string& what) {
    const auto found = item.texts.find(name);
    if (found != item.texts.end()) return problem(found->second, name, what);
    problem(item, fmt::format("{}: {}", name, what));
}

void Judgement::problem(const Text& text, const std::string& name, const std::string& what) {
    // A reference that is none may be the secret itself.
    const auto shown = name.ends_with("-from") ? std::string(Secret::mask) : text.text;
    given_.problems.push_back({text.line, fmt::format("{}: {} = {:?}: {}", text.where, name, shown, what)});
}

void Judgement::problem(const Item& item, const std::string& what) {
    given_.problems.push_back({item.line, fmt::format("{}: {}", item.where, what)});
}

void Judgement::finish() {
    auto& problems = given_.problems;
    if (problems.empty()) return;
    std::ranges::stable_sort(problems, {}, &Problem::line);
    std::vector<std::string> sentences;
    for (const auto& one : problems) {
        if (std::ranges::find(sentences, one.sentence) == sentences.end()) sentences.push_back(one.sentence);
    }
    throw UsageError(
        util::join(sentences, "\n"),
        "Correct that and give the command again; nothing was changed. tti-lw-stack setup --example "
        "prints a file to begin with.");
}

}  // namespace tti::setup
