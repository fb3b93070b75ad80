#include "network_server/index_claims.hpp"

#include "redis/commands.hpp"

namespace tti::network_server {
namespace {

using key_space::FoundKey;
using lorawan::KeyKind;

constexpr std::size_t most_claims = 1024;

// A key that is being read, and where its walk goes on.
struct Source {
    const FoundKey* key;
    std::string cursor = "0";
};

bool is_fields(KeyKind kind) {
    return kind == KeyKind::ns_current_fields || kind == KeyKind::ns_pending_fields;
}

bool is_set(KeyKind kind) {
    return kind == KeyKind::ns_current || kind == KeyKind::ns_pending;
}

Claim address_claim(const lorawan::Keys& keys, const FoundKey& key, std::string_view uid) {
    const auto kind = key.match.kind;
    const bool pending = kind == KeyKind::ns_pending || kind == KeyKind::ns_pending_fields;
    const auto address = key.match.parts[0];
    return {{.kind = pending ? IndexKind::pending : IndexKind::current,
             .key = keys.key(pending ? KeyKind::ns_pending : KeyKind::ns_current, {address}),
             .uid = std::string(uid),
             .fields_key =
                 keys.key(pending ? KeyKind::ns_pending_fields : KeyKind::ns_current_fields, {address})},
            is_fields(kind)};
}

Claim pointer_claim(const FoundKey& key, std::string_view uid) {
    const auto kind = key.match.kind == KeyKind::ns_eui ? IndexKind::eui : IndexKind::relay;
    return {{.kind = kind, .key = key.key, .uid = std::string(uid)}, false};
}

class Reading {
  public:
    Reading(key_space::Session& session, operation::Failures& failures)
        : session_(session), failures_(failures) {}

    // One page of every source; those that have more are left in `sources`.
    std::vector<Claim> next(std::vector<Source>& sources) {
        redis::Commands commands;
        for (const auto& source : sources) add(commands, source);
        std::vector<Claim> claims;
        std::vector<Source> more;
        session_.connection().repeat([&] {
            claims.clear();
            more.clear();
            session_.connection().pipeline(commands, [&](std::size_t number, redis::ReplyView reply) {
                take(sources[number], reply, claims, more);
            });
        });
        sources = std::move(more);
        return claims;
    }

  private:
    static void add(redis::Commands& commands, const Source& source) {
        const auto kind = source.key->match.kind;
        if (is_set(kind)) {
            commands.add("ZSCAN", source.key->key, source.cursor, "COUNT", "256");
        } else if (is_fields(kind)) {
            commands.add("HSCAN", source.key->key, source.cursor, "COUNT", "256");
        } else {
            commands.add("GET", source.key->key);
        }
    }

    void take(const Source& source, redis::ReplyView reply, std::vector<Claim>& claims,
              std::vector<Source>& more) {
        if (reply.is_error()) {
            failures_.add(source.key->key, reply.error());
            return;
        }
        if (!is_set(source.key->match.kind) && !is_fields(source.key->match.kind)) {
            if (!reply.is_nil()) claims.push_back(pointer_claim(*source.key, reply.text()));
            return;
        }
        const auto pairs = reply[1];
        for (std::size_t index = 0; index < pairs.size(); index += 2) {
            claims.push_back(address_claim(session_.keys(), *source.key, pairs[index].text()));
        }
        if (reply[0].text() != "0") more.push_back({source.key, std::string(reply[0].text())});
    }

    key_space::Session& session_;
    operation::Failures& failures_;
};

}  // namespace

std::vector<KeyKind> index_key_kinds() {
    return {KeyKind::ns_current, KeyKind::ns_current_fields, KeyKind::ns_pending, KeyKind::ns_pending_fields,
            KeyKind::ns_eui,     KeyKind::ns_relay_rule};
}

void read_claims(key_space::Session& session, std::span<const FoundKey> keys, operation::Failures& failures,
                 const std::function<void(std::vector<Claim>&)>& some) {
    Reading reading(session, failures);
    for (std::size_t start = 0; start < keys.size(); start += most_claims) {
        std::vector<Source> sources;
        for (const auto& key : keys.subspan(start, std::min(most_claims, keys.size() - start))) {
            sources.push_back({&key});
        }
        while (!sources.empty()) {
            auto claims = reading.next(sources);
            if (!claims.empty()) some(claims);
        }
    }
}

}  // namespace tti::network_server
