#include "stack/status_text.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <map>

#include <fmt/format.h>

#include "cli/progress_meter.hpp"
#include "cli/text_layout.hpp"
#include "stack/due_summary.hpp"
#include "util/text.hpp"

namespace tti::stack {
namespace {

using nlohmann::json;

constexpr std::size_t width = 80;
constexpr std::size_t indent = 4;
constexpr std::size_t most_sentences = 5;
constexpr std::size_t most_names = 3;

constexpr std::array<std::size_t, 3> widths{10, 11, 32};  // of the columns before the last one

std::string_view colour_of(const DatabaseStatus& status) {
    if (status.code == ExitCode::done) return "\033[32m";
    return status.code == ExitCode::due ? "\033[33m" : "\033[31m";
}

std::string painted(const std::string& text, std::string_view colour, bool use_colour) {
    return use_colour ? fmt::format("{}{}\033[0m", colour, text) : text;
}

// Below a heading, each line indented.
std::string paragraph(const std::string& text) {
    return std::string(indent, ' ') + cli::wrap(cli::printable(text), width, indent) + "\n";
}

std::string sentences(const std::vector<std::string>& texts, std::string_view label) {
    std::string result;
    for (const auto& text : std::span(texts).first(std::min(texts.size(), most_sentences))) {
        result += paragraph(label.empty() ? text : fmt::format("{}: {}", label, text));
    }
    if (texts.size() > most_sentences) {
        result += paragraph(fmt::format("and {} more of this kind", texts.size() - most_sentences));
    }
    return result;
}

std::string version_text(const json& version) {
    return version.is_string() ? version.get<std::string>() : version.is_null() ? "" : version.dump();
}

std::string layout(const DatabaseStatus& status) {
    if (!status.condition) return "unknown";
    const auto now = version_text(status.condition->version);
    const auto newest = version_text(status.condition->newest_version);
    return now == newest ? now : fmt::format("{} -> {}", now, newest);
}

std::time_t time_of(const std::string& text) {
    std::tm parts{};
    return strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts) == nullptr ? 0 : timegm(&parts);
}

std::string age(const std::string& from, const std::string& to) {
    constexpr std::int64_t minute = 60;
    constexpr std::int64_t hour = 60 * minute;
    constexpr std::int64_t day = 24 * hour;
    const auto seconds = std::max<std::int64_t>(0, time_of(to) - time_of(from));
    if (seconds < minute) return fmt::format("{}s", seconds);
    if (seconds < hour) return fmt::format("{}m", seconds / minute);
    return seconds < 2 * day ? fmt::format("{}h", seconds / hour) : fmt::format("{}d", seconds / day);
}

std::string last_operation(const DatabaseStatus& status, const std::string& at) {
    if (status.last_operation.is_null()) return status.condition ? "none" : "unknown";
    const auto outcome = status.last_operation.value("outcome", "");
    const auto since = age(status.last_operation.value("started_at", ""), at);
    return outcome == "running" ? "running for " + since : fmt::format("{} {} ago", outcome, since);
}

std::string line(const std::array<std::string, 4>& cells, std::string_view colour, bool use_colour) {
    auto text = cli::pad_right(cells[0], widths[0]) + "  " +
                painted(cli::pad_right(cells[1], widths[1]), colour, use_colour) + "  " +
                cli::pad_right(cells[2], widths[2]) + "  " + cells[3];
    text.erase(text.find_last_not_of(' ') + 1);
    return text + "\n";
}

std::string overview(const StackStatus& status, bool colour) {
    auto text = line({"database", "state", "layout", "last operation"}, "", false);
    for (const auto& one : status.databases) {
        text +=
            line({std::string(one.database.group), one.state(), layout(one), last_operation(one, status.at)},
                 colour_of(one), colour);
    }
    return text;
}

std::string some(const std::vector<std::string>& names) {
    const auto shown = std::min(names.size(), most_names);
    const auto text = util::join(std::span(names).first(shown), ", ");
    return names.size() > shown ? fmt::format("{} and {} more", text, names.size() - shown) : text;
}

std::string due_lines(const DatabaseStatus& status) {
    if (!status.has_steps()) return {};
    const auto due = summary(*status.due->plan);
    const auto tenants =
        due.tenants > 1
            ? fmt::format(" in {} tenants", cli::with_thousands(static_cast<std::int64_t>(due.tenants)))
            : std::string();
    auto text = paragraph(fmt::format("due: {} step{}{}: {}",
                                      cli::with_thousands(static_cast<std::int64_t>(due.steps)),
                                      due.steps == 1 ? "" : "s", tenants, some(due.names)));
    text += paragraph(fmt::format("why: {}", some(due.whys)));
    if (!due.touches.empty()) text += paragraph(fmt::format("touches: {}", describe(due.touches)));
    if (status.estimate) text += paragraph(fmt::format("time: {}", stack::text(*status.estimate)));
    text += paragraph(fmt::format("locks: {}; {}", describe(due.lock), noticed(due.lock)));
    return text +
           paragraph(fmt::format("undo: {}{}", undoable(due), due.destroys ? "; rows or keys are lost" : ""));
}

// A server that is down is told with the first database that lies there.
std::string failure_lines(const StackStatus& all, const DatabaseStatus& status) {
    const auto why = cause(*status.failure);
    const auto first = std::ranges::find_if(
        all.databases, [&why](const auto& one) { return one.failure && cause(*one.failure) == why; });
    if (first->database.group != status.database.group)
        return paragraph(fmt::format("as with {}", first->database.group));
    auto text = paragraph(why);
    if (!status.failure->hint.empty()) text += paragraph("hint: " + status.failure->hint);
    return text;
}

std::string details(const StackStatus& all, const DatabaseStatus& status, bool colour) {
    std::string text = due_lines(status);
    if (status.condition) {
        text += sentences(status.condition->differences, "drift");
        text += sentences(status.condition->troubles, "");
    }
    if (status.failure) text += failure_lines(all, status);
    text += sentences(status.warnings, "note");
    if (text.empty()) return {};
    return fmt::format("\n{}, {}: {}\n{}", status.database.group, status.database.name,
                       painted(status.state(), colour_of(status), colour), text);
}

// Each server once, with the databases on it.
std::string servers(const StackStatus& status) {
    std::vector<std::string> order;
    std::map<std::string, std::vector<std::string>> groups;
    std::map<std::string, const operation::Backups*> backups;
    for (const auto& one : status.databases) {
        if (!one.condition) continue;
        const auto name =
            fmt::format("{} {} at {}", one.database.server == Server::redis ? "Redis" : "PostgreSQL",
                        one.condition->server, one.condition->database);
        if (!groups.contains(name)) order.push_back(name);
        groups[name].emplace_back(one.database.group);
        backups.emplace(name, &one.condition->backups);
    }
    std::string text;
    for (const auto& name : order) {
        const auto& told = *backups.at(name);
        text += cli::wrap(fmt::format("{}: {}", name, util::join(groups[name], ", ")), width, indent) + "\n";
        text += paragraph("backups: " + (told.text.empty() ? "the server does not tell" : told.text));
        text += sentences(told.troubles, "");
    }
    return text.empty() ? text : "\n" + text;
}

std::string behind_text(const std::vector<TenantBehind>& behind) {
    constexpr std::size_t most = 5;
    std::vector<std::string> names;
    for (const auto& one : behind) {
        if (names.size() == most) break;
        names.push_back(fmt::format("{} of {}", one.group, one.tenant_id));
    }
    return fmt::format("due, since there are keys: {}{}", util::join(names, ", "),
                       behind.size() > most ? fmt::format(" and {} more", behind.size() - most) : "");
}

std::string tenants(const TenantStatus& status) {
    if (status.tenants == 0) return {};
    auto text = fmt::format("{} tenant{} besides the default one",
                            cli::with_thousands(static_cast<std::int64_t>(status.tenants)),
                            status.tenants == 1 ? "" : "s");
    std::vector<std::string> missing;
    for (const auto& one : status.not_recorded) {
        if (one.tenants > 0)
            missing.push_back(fmt::format("{} {}", one.group, cli::with_thousands(one.tenants)));
    }
    if (!missing.empty()) {
        text += "; so many have no version recorded in Redis: " + util::join(missing, ", ") +
                " (GROUP migrate --tenant-id ID records it)";
    }
    if (!status.behind.empty()) text += "; " + behind_text(status.behind);
    return "\n" + cli::wrap(text, width, indent) + "\n";
}

std::string next(const StackStatus& status) {
    if (status.code() == ExitCode::newer_database) return "next: use a newer tti-lw-stack\n";
    std::string text;
    for (const auto& command : status.next()) text += fmt::format("next: tti-lw-stack {}\n", command);
    if (!status.addresses_given && status.code() == ExitCode::unreachable) {
        text +=
            "No setting names a database. Set is.database-uri and redis.address, or make\n"
            "a private deployment with: tti-lw-stack local up\n";
    }
    if (!text.empty()) return text;
    return status.code() == ExitCode::done ? "nothing is due\n" : "mend what is named, then ask again\n";
}

}  // namespace

std::string status_text(const StackStatus& status, bool colour) {
    auto text = fmt::format("{}\n\n{}", status.at, overview(status, colour));
    for (const auto& one : status.databases) text += details(status, one, colour);
    return text + servers(status) + tenants(status.tenants) + "\n" + next(status);
}

}  // namespace tti::stack
