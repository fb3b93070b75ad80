#include "memory/survey.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "key_space/size_sample.hpp"
#include "lorawan/identifiers.hpp"
#include "redis/error.hpp"

namespace tti::memory {
namespace {

using enum lorawan::KeyKind;
using lorawan::KeyKind;

// Of how many records of end devices one is read.
constexpr std::int64_t records_sample = 32;
// How many members of an index are looked up.
constexpr std::string_view last_member = "99";
constexpr std::size_t most_tenants = 64;

// Index keys, and the kind of record that they point to.
std::optional<KeyKind> record_kind(KeyKind kind) {
    switch (kind) {
        case ns_eui:
        case ns_relay_rule:
        case ns_current:
        case ns_pending:
            return ns_device;
        case as_eui:
            return as_device;
        case js_eui:
        case js_provisioner:
            return js_device;
        default:
            return std::nullopt;
    }
}

bool is_address_index(KeyKind kind) {
    return kind == ns_current || kind == ns_pending;
}

bool belongs_to_session(KeyKind kind) {
    return kind == js_session_key || kind == js_session_key_ids;
}

// The application of a key, by the first part that is one or begins with one; empty where there is none.
std::string_view application_of(const lorawan::Keys::Match& match) {
    const auto pattern = lorawan::rule(match.kind).pattern;
    const auto first = pattern.find('{');
    if (first == std::string_view::npos) return {};
    const auto rest = pattern.substr(first);
    const bool has_one =
        rest.starts_with("{device}") || rest.starts_with("{application}") || rest.starts_with("{owner}");
    return has_one ? match.parts[0].substr(0, match.parts[0].find('.')) : std::string_view();
}

// "foreign:cache:…", printable, at most two parts below `skip` characters.
std::string prefix_of(std::string_view key, std::size_t skip) {
    constexpr std::size_t longest = 48;
    auto end = key.find(':', skip);
    if (end != std::string_view::npos) end = key.find(':', end + 1);
    const bool whole = end == std::string_view::npos;
    std::string prefix(key.substr(0, std::min(whole ? key.size() : end + 1, skip + longest)));
    for (auto& character : prefix) {
        if (character < ' ' || character > '~') character = '?';
    }
    return whole ? prefix : prefix + "*";
}

}  // namespace

Survey::Key Survey::identify(std::string_view text) {
    Key key{.text = text};
    for (const auto& name_space : name_spaces_) {
        key.match = name_space.parse(text);
        key.name_space = &name_space;
        if (key.match) break;
    }
    const auto number = (key.match ? seen_[key.match->kind] : seen_unknown_)++;
    key.measured = number % sample_ == 0;
    key.reads_record = key.match && key.match->kind == ns_device && number % records_sample == 0;
    if (key.match) return key;
    // "ttn:v3:acme:ns:…" is a tenant's.
    const auto& prefix = name_spaces_.front().prefix();
    if (!text.starts_with(prefix)) return key;
    const auto id = text.substr(prefix.size(), text.find(':', prefix.size()) - prefix.size());
    if (!lorawan::is_id(id)) return key;
    auto tenant = tenants_.find(id);
    if (tenant == tenants_.end() && tenants_.size() < most_tenants) {
        const std::array<std::string, 1> name_space{fmt::format("{}{}", prefix, id)};
        tenant = tenants_.emplace(id, lorawan::Keys(name_space)).first;
    }
    if (tenant != tenants_.end() && tenant->second.parse(text)) key.tenant = id;
    return key;
}

void Survey::ask(const Key& key, std::size_t index) {
    const auto put = [&](Question question, auto... words) {
        commands_.add(std::string_view(words)...);
        asked_.push_back({index, question});
    };
    put(Question::bytes, "MEMORY", "USAGE", key.text);
    if (!key.match) return;
    const auto kind = key.match->kind;
    if (const auto counter = key_space::counting_command(lorawan::rule(kind).type); !counter.empty()) {
        put(Question::entries, counter, key.text);
    }
    if (is_address_index(kind)) {
        put(Question::members, "ZRANGE", key.text, "0", last_member);
    } else if (record_kind(kind)) {
        put(Question::target, "GET", key.text);
    }
    if (belongs_to_session(kind)) {
        const auto owner = key.name_space->key(js_eui, {key.match->parts[0], key.match->parts[1]});
        put(Question::owner, "EXISTS", owner);
    }
    if (key.reads_record) put(Question::record, "GET", key.text);
}

void Survey::take_in(Key& key, std::size_t index, Question question, redis::ReplyView reply) {
    if (reply.is_error()) {
        // A key of another type than its name says is counted, and no more is told of it.
        if (reply.error().starts_with("WRONGTYPE")) return;
        throw redis::server_error(reply.error(), "MEMORY USAGE", connection_.target().display());
    }
    const auto point_to = [&](std::string_view uid) {
        pointers_.push_back({index, key.name_space->key(*record_kind(key.match->kind), {uid})});
    };
    switch (question) {
        case Question::bytes:
            key.gone = reply.is_nil();
            key.bytes = key.gone ? 0 : reply.integer();
            return;
        case Question::entries:
            key.entries = reply.integer();
            return;
        case Question::target:
            if (!reply.is_nil()) point_to(reply.text());
            return;
        case Question::members:
            for (std::size_t member = 0; member < reply.size(); ++member) point_to(reply[member].text());
            return;
        case Question::owner:
            key.orphan = reply.integer() == 0;
            return;
        case Question::record:
            if (!reply.is_nil()) key.record = reply.text();
            return;
    }
}

void Survey::ask_first(std::span<Key> keys) {
    commands_.clear();
    asked_.clear();
    pointers_.clear();
    for (std::size_t index = 0; index < keys.size(); ++index) {
        if (keys[index].measured) ask(keys[index], index);
    }
    connection_.pipeline(commands_, [&](std::size_t command, redis::ReplyView reply) {
        const auto& [index, question] = asked_.at(command);
        take_in(keys[index], index, question, reply);
    });
}

void Survey::ask_for_records(std::span<Key> keys) {
    constexpr std::size_t most = 2048;
    for (std::size_t first = 0; first < pointers_.size(); first += most) {
        const auto count = std::min(most, pointers_.size() - first);
        commands_.clear();
        for (std::size_t index = 0; index < count; ++index) {
            commands_.add("EXISTS", pointers_[first + index].record);
        }
        connection_.pipeline(commands_, [&](std::size_t index, redis::ReplyView reply) {
            if (reply.integer() != 0) return;
            auto& key = keys[pointers_[first + index].key];
            if (is_address_index(key.match->kind)) {
                ++key.members_without_device;
            } else {
                key.orphan = true;
            }
        });
    }
}

void Survey::sum_up_foreign(const Key& key) {
    auto& totals = key.tenant.empty() ? findings_.unknown : findings_.tenants;
    ++totals.keys;
    if (!key.measured) return;
    ++totals.measured;
    totals.bytes += key.bytes;
    const auto& prefix = name_spaces_.front().prefix();
    const auto skip = key.text.starts_with(prefix) ? prefix.size() : 0;
    if (key.tenant.empty()) {
        findings_.unknown_prefixes.add(prefix_of(key.text, skip), sample_, key.bytes * sample_);
    } else {
        findings_.tenant_names.add(key.tenant, sample_, key.bytes * sample_);
    }
}

void Survey::sum_up(const Key& key) {
    if (!key.match) return sum_up_foreign(key);
    const auto kind = key.match->kind;
    auto& totals = findings_.kinds[kind];
    ++totals.keys;
    if (!key.measured) return;
    ++totals.measured;
    totals.bytes += key.bytes;
    totals.entries += key.entries;
    if (key.orphan) {
        auto& orphans = findings_.orphans[kind];
        ++orphans.keys;
        orphans.bytes += key.bytes;
    }
    (kind == ns_pending ? findings_.pending_without_device : findings_.current_without_device) +=
        key.members_without_device;
    if (!key.record.empty()) findings_.records.add(key.record);
    if (const auto application = application_of(*key.match); !application.empty()) {
        findings_.applications.add(application, sample_, key.bytes * sample_);
    }
}

void Survey::add(std::span<const std::string> page) {
    std::vector<Key> keys;
    keys.reserve(page.size());
    for (const auto& text : page) keys.push_back(identify(text));
    ask_first(keys);
    ask_for_records(keys);
    for (const auto& key : keys) {
        if (!key.gone) sum_up(key);
    }
}

}  // namespace tti::memory
