#include "memory/gains.hpp"

#include <array>
#include <string_view>

namespace tti::memory {
namespace {

using enum lorawan::KeyKind;
using lorawan::KeyKind;
using operation::Amounts;

// Kinds that no release of today reads: all of their keys go.
constexpr std::array legacy{ns_device_fields_3_10,      ns_address_before_3_10,      ns_address_16_bit,
                            ns_address_32_bit,          ns_device_last_invalidation, ns_last_invalidation,
                            ns_legacy_uplinks,          ns_legacy_invalidation,      ns_legacy_join_accept,
                            ns_legacy_application_task, as_legacy_uplinks,           dcs_any};

std::int64_t share(std::int64_t bytes, std::int64_t part, std::int64_t whole) {
    if (whole <= 0) return 0;
    return static_cast<std::int64_t>(static_cast<double>(bytes) * static_cast<double>(part) /
                                     static_cast<double>(whole));
}

std::int64_t amount(const Amounts& amounts, std::string_view what) {
    for (const auto& one : amounts) {
        if (one.what == what) return one.number;
    }
    return 0;
}

class Adding {
  public:
    Adding(const Findings& findings, const Due& due) : findings_(findings), due_(due) {}

    Gains all() {
        whole_kinds();
        orphans();
        session_keys();
        prune();
        return std::move(gains_);
    }

  private:
    Gain& of(KeyKind kind) {
        std::string command(lorawan::rule(kind).freed_by);
        if (command == "ns-db migrate" || command == "js-db migrate") {
            if (due_.is_recorded(version_of(kind))) command += " --force";
        }
        return gains_[command];
    }
    static KeyKind version_of(KeyKind kind) {
        if (kind == ns_last_invalidation || kind == ns_device_last_invalidation) {
            return ns_uplinks_schema_version;
        }
        return lorawan::rule(kind).owner == lorawan::Owner::join_server ? js_schema_version
                                                                        : ns_schema_version;
    }
    [[nodiscard]] Totals totals(KeyKind kind) const {
        const auto found = findings_.kinds.find(kind);
        return found == findings_.kinds.end() ? Totals{} : found->second;
    }

    void whole_kinds() {
        for (const auto kind : legacy) {
            const auto found = totals(kind);
            if (found.keys == 0) continue;
            of(kind).keys += found.keys;
            of(kind).bytes += found.all_bytes();
        }
    }

    // The Identity Server may know their devices, and then they stay.
    void orphans() {
        for (const auto& [kind, orphans] : findings_.orphans) {
            if (kind == js_session_key || kind == js_session_key_ids) continue;
            auto& gain = of(kind);
            gain.keys += totals(kind).scaled(orphans.keys);
            gain.bytes += totals(kind).scaled(orphans.bytes);
            gain.exact = false;
        }
    }

    void session_keys() {
        if (!due_.session_keys()) return;
        const auto& survey = *due_.session_keys();
        const auto add = [this](KeyKind kind, std::int64_t keys) {
            if (keys == 0) return;
            auto& gain = of(kind);
            gain.keys += keys;
            gain.bytes += share(totals(kind).all_bytes(), keys, totals(kind).keys);
        };
        add(js_session_key, survey.orphan_keys + survey.over_limit);
        add(js_session_key_ids, survey.orphan_lists);
    }

    void prune() {
        const auto& survey = due_.prune();
        const auto add = [&](const Amounts& amounts, std::initializer_list<KeyKind> kinds,
                             std::int64_t keys) {
            const auto entries = amount(amounts, network_server::pruned::entries) +
                                 amount(amounts, network_server::pruned::obsolete) +
                                 amount(amounts, network_server::pruned::lost);
            if (entries + keys == 0) return;
            std::int64_t bytes = 0;
            std::int64_t whole = 0;
            for (const auto kind : kinds) {
                bytes += totals(kind).all_bytes();
                whole += totals(kind).all_entries();
            }
            auto& gain = gains_["ns-db prune"];
            gain.keys += keys;
            gain.entries += entries;
            gain.bytes += share(bytes, entries, whole);
            gain.exact = survey.exact;
        };
        add(survey.legacy, {ns_legacy_uplinks, ns_legacy_invalidation, ns_legacy_join_accept},
            amount(survey.legacy, network_server::pruned::streams));
        add(survey.uplinks, {ns_uplinks}, 0);
        add(survey.tasks, {ns_downlink_input, ns_downlink_ready}, 0);
    }

    const Findings& findings_;
    const Due& due_;
    Gains gains_;
};

}  // namespace

Gains gains(const Findings& findings, const Due& due) {
    return Adding(findings, due).all();
}

}  // namespace tti::memory
