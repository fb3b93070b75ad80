#include "doctor/report.hpp"

#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "cli/text_layout.hpp"

namespace tti::doctor {
namespace {

using nlohmann::json;
using Told = Examination::Told;

constexpr std::string_view pointer = "What is due is told by: tti-lw-stack status\n";

std::string_view introduce(Mend::Way way) {
    switch (way) {
        case Mend::Way::command:
            return "mend: ";
        case Mend::Way::statement:
            return "mend in psql: ";
        case Mend::Way::redis:
            return "mend in redis-cli: ";
        case Mend::Way::setting:
            break;
    }
    return "mend: ";
}

constexpr std::string_view indent = "        ";

// A line for each, however long, so that it can be searched for and copied.
std::string to_text(const Told& told) {
    const auto& finding = told.finding;
    const auto line = [](std::string_view head, const std::string& text) {
        return text.empty() ? "" : fmt::format("{}{}{}\n", indent, head, cli::printable(text));
    };
    auto text =
        fmt::format("{:<7} {} ({})\n", describe(finding.severity), told.check, cli::printable(told.place));
    text += line("", finding.problem) + line("seen: ", finding.evidence);
    text += line(introduce(finding.mend.way), finding.mend.text) + line("", finding.mend.remark);
    return text + "\n";
}

json to_json(const Told& told) {
    const auto& finding = told.finding;
    return {{"check", told.check},
            {"place", told.place},
            {"severity", describe(finding.severity)},
            {"problem", finding.problem},
            {"evidence", finding.evidence},
            {"mend",
             {{"way", describe(finding.mend.way)},
              {"text", finding.mend.text},
              {"remark", finding.mend.remark}}}};
}

std::size_t count(const std::vector<Told>& findings, Severity severity) {
    return static_cast<std::size_t>(std::ranges::count_if(
        findings, [severity](const Told& told) { return told.finding.severity == severity; }));
}

std::string counted(std::size_t number, std::string_view word) {
    return fmt::format("{} {}{}", number, word, number == 1 ? "" : "s");
}

std::set<std::string_view> names_of(const Examination& examination) {
    std::set<std::string_view> names;
    for (const auto& look : examination.looks) names.insert(look.check);
    names.erase(reachable);
    return names;
}

}  // namespace

std::string to_text(std::span<const Check> checks) {
    std::string text;
    for (const auto& check : checks) {
        text += fmt::format("{}: in {}\n{}{}\n{}{}\n", check.name, needs(check), indent, check.looks_at,
                            indent, check.why);
    }
    return text;
}

json to_json(std::span<const Check> checks) {
    json data{{"checks", json::array()}};
    for (const auto& check : checks) {
        data["checks"].push_back({{"check", check.name},
                                  {"looks_at", check.looks_at},
                                  {"needs", needs(check)},
                                  {"why", check.why}});
    }
    return data;
}

std::string to_text(const Examination& examination) {
    const auto findings = examination.findings();
    std::string text;
    for (const auto& told : findings) text += to_text(told);
    text += fmt::format("{}: {}, {}, {}.\n", counted(names_of(examination).size(), "check"),
                        counted(count(findings, Severity::error), "error"),
                        counted(count(findings, Severity::warning), "warning"),
                        counted(count(findings, Severity::note), "note"));
    return text + std::string(pointer);
}

json to_json(const Examination& examination) {
    const auto findings = examination.findings();
    json data{{"outcome", name_of(exit_code(examination))},
              {"errors", count(findings, Severity::error)},
              {"warnings", count(findings, Severity::warning)},
              {"notes", count(findings, Severity::note)},
              {"findings", json::array()},
              {"looked", json::array()}};
    for (const auto& told : findings) data["findings"].push_back(to_json(told));
    for (const auto& look : examination.looks) {
        data["looked"].push_back(
            {{"check", look.check}, {"place", look.place}, {"findings", look.findings.size()}});
    }
    return data;
}

ExitCode exit_code(const Examination& examination) {
    const auto findings = examination.findings();
    return count(findings, Severity::note) == findings.size() ? ExitCode::done : ExitCode::due;
}

}  // namespace tti::doctor
