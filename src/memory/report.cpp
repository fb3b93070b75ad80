#include "memory/report.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "key_space/size_sample.hpp"

namespace tti::memory {
namespace {

using key_space::bytes_text;
using lorawan::KeyKind;
using nlohmann::json;

constexpr std::size_t most_prefixes = 10;

std::string percent(std::int64_t part, std::int64_t whole) {
    return whole == 0
               ? ""
               : fmt::format("{:.1f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

// Owner by owner, the largest kind first.
std::vector<std::pair<KeyKind, Totals>> in_order(const Findings& findings) {
    std::vector<std::pair<KeyKind, Totals>> rows(findings.kinds.begin(), findings.kinds.end());
    std::erase_if(rows, [](const auto& row) { return row.second.keys == 0; });
    std::ranges::stable_sort(rows, [](const auto& a, const auto& b) {
        return std::tuple(lorawan::rule(a.first).owner, -a.second.all_bytes()) <
               std::tuple(lorawan::rule(b.first).owner, -b.second.all_bytes());
    });
    return rows;
}

std::string entries_text(KeyKind kind, const Totals& totals) {
    const auto type = lorawan::rule(kind).type;
    return type.empty() || type == "string" ? "" : std::to_string(totals.all_entries());
}

std::string kinds_text(const Findings& findings) {
    cli::Table table({"of the", "what", "keys", "entries", "bytes", "share"});
    const auto all = findings.bytes();
    const auto add = [&](std::string_view owner, std::string_view what, const std::string& entries,
                         const Totals& totals) {
        table.add({std::string(owner), std::string(what), std::to_string(totals.keys), entries,
                   bytes_text(totals.all_bytes()), percent(totals.all_bytes(), all)});
    };
    for (const auto& [kind, totals] : in_order(findings)) {
        const auto& rule = lorawan::rule(kind);
        add(describe(rule.owner), rule.words, entries_text(kind, totals), totals);
    }
    if (findings.tenants.keys > 0) add("", "keys of tenants", "", findings.tenants);
    if (findings.unknown.keys > 0) add("", "unknown keys", "", findings.unknown);
    return table.empty() ? "no keys\n" : table.text();
}

std::int64_t entries_of(const Findings& findings, KeyKind kind) {
    const auto found = findings.kinds.find(kind);
    return found == findings.kinds.end() ? 0 : found->second.all_entries();
}

std::int64_t keys_of(const Findings& findings, KeyKind kind) {
    const auto found = findings.kinds.find(kind);
    return found == findings.kinds.end() ? 0 : found->second.keys;
}

std::string sessions_text(const Findings& findings) {
    const auto devices = keys_of(findings, KeyKind::ns_device);
    const auto current = entries_of(findings, KeyKind::ns_current);
    const auto pending = entries_of(findings, KeyKind::ns_pending);
    if (devices + current + pending == 0) return {};
    auto text = fmt::format("\nThe Network Server has {} end devices with {} sessions and {} pending ones.\n",
                            devices, current, pending);
    const auto& records = findings.records;
    if (records.bytes() > 0) {
        std::string parts;
        for (const auto& [part, bytes] : records.by_part()) {
            parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", part, percent(bytes, records.bytes()));
        }
        text += fmt::format("Their records are, judged by {} of them: {}.\n", records.records(), parts);
    }
    return text;
}

std::string orphans_text(const Findings& findings) {
    cli::Table table({"belongs to nothing", "keys", "bytes", "mended by"});
    for (const auto& [kind, orphans] : findings.orphans) {
        const auto& rule = lorawan::rule(kind);
        const auto& totals = findings.kinds.at(kind);
        table.add({fmt::format("{} ({})", rule.words, describe(rule.owner)),
                   std::to_string(totals.scaled(orphans.keys)), bytes_text(totals.scaled(orphans.bytes)),
                   std::string(rule.freed_by)});
    }
    auto text = table.empty() ? "" : "\n" + table.text();
    const auto members = findings.current_without_device + findings.pending_without_device;
    if (members > 0) {
        text += fmt::format(
            "\n{} entries of the DevAddr indexes belong to no end device; "
            "tti-lw-stack ns-db migrate --rebuild-index removes them.\n",
            members);
    }
    return text;
}

std::string names_text(const std::string& heading, const TopNames& names, std::size_t most) {
    if (names.size() == 0) return {};
    cli::Table table({heading, "keys", "bytes"});
    for (const auto& one : names.top(most)) {
        table.add({one.name, std::to_string(one.keys), bytes_text(one.bytes)});
    }
    return "\n" + table.text();
}

std::string gains_text(const Gains& gains) {
    cli::Table table({"frees", "keys", "entries", "counted", "bytes, about"});
    for (const auto& [command, gain] : gains) {
        table.add({"tti-lw-stack " + command, std::to_string(gain.keys), std::to_string(gain.entries),
                   gain.exact ? "exactly" : "at most", bytes_text(gain.bytes)});
    }
    return table.empty() ? "" : "\n" + table.text();
}

std::string place_text(const Place& place, std::size_t most_applications) {
    const auto& findings = place.findings;
    return fmt::format("{}: Redis {} at {}: {} keys of {}, the server uses {}\n\n", place.name, place.version,
                       place.address, findings.keys(), bytes_text(findings.bytes()),
                       bytes_text(place.used_memory)) +
           kinds_text(findings) + sessions_text(findings) + orphans_text(findings) +
           names_text("largest applications", findings.applications, most_applications) +
           names_text("tenants", findings.tenant_names, most_prefixes) +
           names_text("unknown keys begin with", findings.unknown_prefixes, most_prefixes) +
           gains_text(place.gains);
}

json names_json(const TopNames& names, std::size_t most) {
    auto data = json::array();
    for (const auto& one : names.top(most)) {
        data.push_back({{"name", one.name}, {"keys", one.keys}, {"bytes", one.bytes}});
    }
    return data;
}

json kinds_json(const Findings& findings) {
    auto data = json::array();
    for (const auto& [kind, totals] : in_order(findings)) {
        const auto& rule = lorawan::rule(kind);
        data.push_back({{"owner", describe(rule.owner)},
                        {"what", rule.words},
                        {"pattern", rule.pattern},
                        {"keys", totals.keys},
                        {"measured", totals.measured},
                        {"entries", totals.all_entries()},
                        {"bytes", totals.all_bytes()}});
        if (const auto orphans = findings.orphans.find(kind); orphans != findings.orphans.end()) {
            data.back()["orphans"] = totals.scaled(orphans->second.keys);
            data.back()["orphan_bytes"] = totals.scaled(orphans->second.bytes);
        }
    }
    return data;
}

json gains_json(const Gains& gains) {
    auto data = json::object();
    for (const auto& [command, gain] : gains) {
        data[command] = {
            {"keys", gain.keys}, {"entries", gain.entries}, {"bytes", gain.bytes}, {"exact", gain.exact}};
    }
    return data;
}

json place_json(const Place& place, std::size_t most_applications) {
    const auto& findings = place.findings;
    return {
        {"name", place.name},
        {"database", place.address},
        {"server", place.version},
        {"used_memory", place.used_memory},
        {"keys", findings.keys()},
        {"bytes", findings.bytes()},
        {"kinds", kinds_json(findings)},
        {"end_devices", keys_of(findings, KeyKind::ns_device)},
        {"sessions", entries_of(findings, KeyKind::ns_current)},
        {"pending_sessions", entries_of(findings, KeyKind::ns_pending)},
        {"records",
         {{"read", findings.records.records()},
          {"unreadable", findings.records.unreadable()},
          {"bytes", findings.records.bytes()},
          {"parts", findings.records.by_part()}}},
        {"index_entries_without_device", findings.current_without_device + findings.pending_without_device},
        {"applications", names_json(findings.applications, most_applications)},
        {"applications_exact", findings.applications.exact()},
        {"tenants", names_json(findings.tenant_names, most_prefixes)},
        {"unknown",
         {{"keys", findings.unknown.keys},
          {"bytes", findings.unknown.all_bytes()},
          {"prefixes", names_json(findings.unknown_prefixes, most_prefixes)}}},
        {"freed_by", gains_json(place.gains)}};
}

}  // namespace

std::string to_text(std::span<const Place> places, std::size_t most_applications) {
    std::string text;
    for (const auto& place : places) {
        text += (text.empty() ? "" : "\n\n") + place_text(place, most_applications);
    }
    return text;
}

json to_json(std::span<const Place> places, std::size_t most_applications) {
    json data{{"outcome", "done"}, {"databases", json::array()}};
    for (const auto& place : places) data["databases"].push_back(place_json(place, most_applications));
    return data;
}

}  // namespace tti::memory
