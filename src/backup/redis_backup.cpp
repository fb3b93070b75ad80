#include "backup/redis_backup.hpp"

#include <fmt/format.h>

#include "backup/key_backup.hpp"
#include "key_space/session.hpp"
#include "lorawan/keys.hpp"

namespace tti::backup {

void RedisBackup::plan(operation::Plan& plan) {
    const auto& values = job_.context().values;
    const auto& manifest = job_.manifest();
    const auto& tenant = manifest.tenant_id;
    keys_ = {lorawan::Keys(values.list("redis.namespace")).prefix(),
             tenant.empty()
                 ? whole_scope(manifest.other_tenants)
                 : tenant_scope(tenant, tenant == manifest.default_tenant, manifest.other_tenants)};
    redis_.emplace(key_space::general_target(values),
                   redis::ConnectOptions{.context = "redis", .mode = redis::Mode::read_only},
                   job_.context().stop);
    redis::require_usable(*redis_);
    look_for_restores(plan);
    plan.steps.push_back(
        {.name = "redis",
         .what = fmt::format("write the keys below {}{} down, with their values and expiry times",
                             keys_.name_space, keys_.scope.below),
         .why = "device sessions and queues",
         .touches = {{"keys at most", redis_->call("DBSIZE")->integer()}},
         .run = [this](operation::StepContext& context) { write(context); }});
    plan.notes.emplace_back(
        "Redis is walked while servers may write: each value is whole, and the manifest says when the walk "
        "began and ended and how many writes the server counted meanwhile. With the stack stopped, all of it "
        "is "
        "one moment.");
}

void RedisBackup::look_for_restores(operation::Plan& plan) {
    const auto& manifest = job_.manifest();
    std::vector<std::string> below{""};
    for (const auto& id :
         manifest.tenant_id.empty() ? manifest.other_tenants : std::vector{manifest.tenant_id}) {
        below.push_back(id + ":");
    }
    for (const auto& scope : below) {
        const auto mark = keys_.name_space + KeyScope{.below = scope}.restore_mark();
        if (redis_->call("GET", mark)->is_nil()) continue;
        BackupJob::refuse_half_restored(
            plan, fmt::format("a restore of the keys below {}{} was begun and not finished", keys_.name_space,
                              scope));
    }
}

void RedisBackup::write(operation::StepContext& context) {
    KeysEntry entry;
    job_.add_file(keys_name, [&](Sink& sink) { entry = back_up_keys(*redis_, keys_, sink, context); });
    entry.file = keys_name;
    context.count("keys", entry.keys);
    job_.manifest().redis = std::move(entry);
}

}  // namespace tti::backup
