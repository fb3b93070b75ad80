#include "backup/redis_restore.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "database/preview.hpp"
#include "key_space/session.hpp"
#include "lorawan/keys.hpp"

namespace tti::backup {
namespace {

using Found = KeyRestore::Found;

std::string why_keys_are_due(Found found, bool clears) {
    if (found == Found::begun) return "an earlier run of this restore was ended";
    return clears ? "others are there" : "none are there";
}

}  // namespace

redis::Connection& RedisRestore::open() {
    const auto& context = job_.context();
    const bool dry_run = context.values.boolean("dry-run");
    redis_.emplace(key_space::general_target(context.values),
                   redis::ConnectOptions{.context = "redis",
                                         .mode = dry_run ? redis::Mode::read_only : redis::Mode::writes},
                   context.stop);
    if (dry_run) {
        redis::require_usable(*redis_);
    } else {
        redis::require_writable(*redis_);
    }
    return *redis_;
}

// An archive without the Identity Server may not name its tenants: then its keys tell.
void RedisRestore::remove_archived(std::set<std::string, std::less<>>& tenants) const {
    const auto& manifest = job_.manifest();
    std::erase_if(tenants, [this](const std::string& id) { return job_.archive_has_tenant(id); });
    const bool named = !manifest.other_tenants.empty() ||
                       std::ranges::find(manifest.left_out, "is") == manifest.left_out.end();
    if (named || tenants.empty()) return;
    job_.archive().read(manifest.redis->file, [&](Source& source) {
        KeyFileReader reader(source);
        for (ArchivedKey key; reader.next(key);) {
            const auto found = tenants.find(key.key.substr(0, key.key.find(':')));
            if (found != tenants.end()) tenants.erase(found);
        }
    });
}

// Tenants that only the server has are none of the archive's business, and never are removed.
KeyScope RedisRestore::scope() {
    const auto& wanted = job_.wanted();
    const auto& in_archive = job_.manifest().other_tenants;
    std::set<std::string, std::less<>> here;
    if (!wanted.without.contains("is") || wanted.replace) {
        for (const auto& tenant : job_.session().all_tenants()) {
            if (!tenant.is_default) here.insert(tenant.id);
        }
    }
    std::set<std::string> others(in_archive.begin(), in_archive.end());
    others.insert(here.begin(), here.end());
    const std::vector<std::string> other_tenants(others.begin(), others.end());
    if (!wanted.tenant_id.empty()) {
        const bool is_default = wanted.tenant_id == job_.context().values.text("tenancy.default-id");
        return tenant_scope(wanted.tenant_id, is_default, other_tenants);
    }
    auto scope = whole_scope(other_tenants);
    remove_archived(here);
    for (const auto& tenant : here) scope.without.push_back(tenant + ":");
    return scope;
}

// A server that evicts would lose what is put there, and one without room ends in the middle.
void RedisRestore::require_room(operation::Plan& plan, bool clears) const {
    const auto& server = redis_->server();
    if (server.maxmemory == 0) return;
    if (server.maxmemory_policy != "noeviction") {
        plan.refusals.push_back(fmt::format("{} evicts keys ({}) once they take {}",
                                            redis_->target().display(), server.maxmemory_policy,
                                            database::size_text(server.maxmemory)));
        plan.refusal_hint = "Let it keep them first: redis-cli CONFIG SET maxmemory-policy noeviction";
        return;
    }
    // How much of the file is one tenant's is not known.
    const auto& manifest = job_.manifest();
    if (job_.wanted().tenant_id != manifest.tenant_id) return;
    const auto room = server.maxmemory - (clears ? 0 : server.used_memory);
    const auto needed = manifest.file(manifest.redis->file)->size;
    if (needed <= room) return;
    plan.refusals.push_back(
        fmt::format("{} has room for {}, and the keys take {} at least", redis_->target().display(),
                    database::size_text(std::max<std::int64_t>(room, 0)), database::size_text(needed)));
    plan.refusal_hint = "Raise maxmemory of the Redis server, then give the same command again.";
}

std::string RedisRestore::where() const {
    return fmt::format("{} below {}{}", redis_->target().display(), keys_->place().name_space,
                       keys_->place().scope.below);
}

Found RedisRestore::look(operation::Plan& plan) {
    const auto found = keys_->look();
    if (found != Found::identical) return found;
    const bool told_by_names = !keys_->values_compare();
    // Who asks for the archive's values gets them.
    if (told_by_names && job_.wanted().replace) return Found::others;
    job_.note_there_already();
    plan.notes.push_back(
        told_by_names
            ? fmt::format("{}: the keys of the archive are there. Their values were not compared: Redis {} "
                          "writes them in another form than {}.",
                          where(), redis_->server().version, job_.manifest().redis->server_version)
            : fmt::format("{}: all keys are there as the archive has them.", where()));
    return found;
}

void RedisRestore::plan(operation::Plan& plan) {
    const auto& archived = *job_.manifest().redis;
    const auto prefix = lorawan::Keys(job_.context().values.list("redis.namespace")).prefix();
    keys_.emplace(open(), KeyPlace{prefix, scope()}, job_.archive(), before_writes_);
    if (prefix != archived.name_space) {
        plan.notes.push_back(fmt::format("Keys below {} come back below {}.", archived.name_space, prefix));
    }
    const auto found = look(plan);
    if (found == Found::identical) return;
    const bool clears = found == Found::others || found == Found::clearing;
    if (clears && !job_.wanted().replace) {
        return RestoreJob::refuse_without_replace(
            plan, found == Found::others
                      ? fmt::format("{} has other keys than the archive", where())
                      : fmt::format("an earlier run with --replace was ended while it removed the keys of {}",
                                    where()));
    }
    require_room(plan, found != Found::nothing);
    if (clears) job_.will_be_lost(fmt::format("the keys of {}", where()));
    job_.need(archived.file);
    plan.steps.push_back(
        {.name = "redis",
         .what = fmt::format("{} the keys of {}", clears ? "replace" : "restore", where()),
         .why = why_keys_are_due(found, clears),
         .touches = {{"keys at most", archived.keys}},
         .lock = operation::Lock::rows,
         .destroys = clears,
         .run = [this, clears](operation::StepContext& context) { keys_->run(clears, context); }});
}

}  // namespace tti::backup
