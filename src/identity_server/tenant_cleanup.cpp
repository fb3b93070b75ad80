#include "identity_server/tenant_cleanup.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "identity_server/orphan_rules.hpp"
#include "operation/failure_point.hpp"

namespace tti::identity_server {
namespace {

// Sets of a kind as temporary tables.
std::map<std::string, std::string> temporary_tables(const PurgeKind& kind, const std::string& threshold) {
    std::map<std::string, std::string> tables{{"threshold", threshold}, {"expired", "tti_expired"}};
    for (const auto& set : kind.sets) {
        tables[set.name] = "tti_" + set.name;
    }
    return tables;
}

// The planner knows nothing of a new table's size otherwise.
void create_set(postgres::Connection& connection, const std::string& table, const std::string& select) {
    connection.execute(
        fmt::format("CREATE TEMPORARY TABLE {0} ON COMMIT DROP AS {1}; ANALYZE {0}", table, select));
}

constexpr std::string_view orphans_name = "orphans";

std::string step_name(std::size_t number) {
    return number == orphan_step ? std::string(orphans_name) : purge_kinds()[number].name;
}

}  // namespace

TenantCleanup::TenantCleanup(Session& session, Tenant tenant, const CleanupRequest& request,
                             const undo::Place& place, std::string threshold, const std::string& time)
    : session_(session),
      tenant_(std::move(tenant)),
      request_(request),
      place_(place),
      threshold_(std::move(threshold)),
      undo_name_(fmt::format("is-cleanup-{}-{}.undo", time, tenant_.id)) {}

void TenantCleanup::plan(operation::Plan& plan) {
    session_.use(tenant_);
    counts_ = count_purge(session_.connection(), threshold_);
    for (std::size_t number = 0; number < purge_steps; ++number) {
        if (!counts_.steps.at(number).empty()) {
            plan.steps.push_back(step(number));
        }
    }
    for (const auto& note : counts_.notes) {
        plan.notes.push_back(fmt::format("Tenant {}: {}", tenant_.id, note));
    }
    refuse_above_limit(plan);
}

void TenantCleanup::refuse_above_limit(operation::Plan& plan) const {
    if (!request_.limit) {
        return;
    }
    for (std::size_t number = 0; number < purge_steps; ++number) {
        for (const auto& amount : counts_.steps.at(number)) {
            const auto total = counts_.totals.find(amount.what);
            const bool limited = number == orphan_step || amount.what == step_name(number);
            if (!limited || total == counts_.totals.end() ||
                request_.limit->allows(amount.number, total->second)) {
                continue;
            }
            plan.refusals.push_back(
                fmt::format("tenant {}: {} of {} rows of {}{} would go, and --max-delete is {}", tenant_.id,
                            amount.number, total->second, number == orphan_step ? "orphaned " : "",
                            amount.what, request_.limit->text));
            plan.refusal_hint = "Look at them with --dry-run; raise --max-delete if they shall go.";
        }
    }
}

operation::Step TenantCleanup::step(std::size_t number) {
    operation::Step step{.name = step_name(number)};
    if (number == orphan_step) {
        step.what = "delete rows whose owner does not exist";
        step.why = "an earlier cleanup left them";
    } else {
        step.what =
            fmt::format("delete {} {} and what depends on them", counts_.of(number, step.name), step.name);
        step.why = fmt::format("deleted more than {} ago", request_.restore_text);
    }
    step.touches = counts_.steps.at(number);
    step.lock = operation::Lock::rows;
    step.destroys = true;
    step.undo = undo_text();
    step.group = tenant_.id;
    step.run = [this, number](operation::StepContext& context) {
        session_.use(tenant_);
        if (number == orphan_step) {
            run_orphans(context);
        } else {
            run_kind(purge_kinds()[number], context);
        }
    };
    return step;
}

std::string TenantCleanup::undo_text() const {
    return place_.keeps ? "is-db restore --from=FILE, with the undo file of this run" : "";
}

std::string TenantCleanup::undo_file() const {
    return undo_ && undo_->batches() > 0 ? undo_->display() : "";
}

std::int64_t TenantCleanup::planned_rows() const {
    std::int64_t number = 0;
    for (std::size_t step = 0; step < purge_steps; ++step) {
        number += counts_.deleted(step);
    }
    return number;
}

void TenantCleanup::run_kind(const PurgeKind& kind, operation::StepContext& context) {
    const auto total = choose_candidates(fmt::format("SELECT row_number() OVER () AS n, x.id FROM ({}) x",
                                                     expand(kind.expired, {{"threshold", threshold_}})));
    in_batches({{"kind", kind.name}}, kind.name, total, context,
               [this, &kind](Removal& removal, std::int64_t first, std::int64_t last) {
                   remove_kind(kind, removal, first, last);
               });
    const auto gone = std::ranges::find(removed_, kind.name, &operation::Amount::what);
    const auto stayed = counts_.of(static_cast<std::size_t>(&kind - purge_kinds().data()), kind.name) -
                        (gone == removed_.end() ? 0 : gone->number);
    if (stayed > 0) {
        context.log(operation::Level::info, fmt::format("Tenant {}: {} {} were restored meanwhile, and stay",
                                                        tenant_.id, stayed, kind.name));
    }
}

void TenantCleanup::remove_kind(const PurgeKind& kind, Removal& removal, std::int64_t first,
                                std::int64_t last) {
    lock(kind, first, last);
    const auto tables = temporary_tables(kind, threshold_);
    auto& connection = session_.connection();
    // Asked again now that the rows are locked: what was restored meanwhile is not among them.
    create_set(
        connection, "tti_expired",
        fmt::format("SELECT x.* FROM ({}) x JOIN tti_locked USING (id)", expand(kind.expired, tables)));
    for (const auto& set : kind.sets) {
        create_set(connection, tables.at(set.name), expand(set.select, tables));
    }
    for (const auto& rule : kind.rules) {
        const auto& set = tables.at(rule.set);
        const auto join = rule.join(threshold_);
        if (rule.deletes()) {
            removal.remove(rule.table, fmt::format("USING {} s WHERE {}", set, join));
        } else {
            removal.clear({rule.table, rule.clears, "s", rule.restored_with},
                          fmt::format("FROM {} s WHERE {}", set, join));
        }
    }
}

void TenantCleanup::lock(const PurgeKind& kind, std::int64_t first, std::int64_t last) {
    auto& connection = session_.connection();
    create_set(connection, "tti_locked",
               fmt::format("SELECT e.id FROM {} e JOIN tti_candidates c ON c.id = e.id"
                           " WHERE c.n > {} AND c.n <= {} AND e.deleted_at < {} FOR UPDATE OF e",
                           kind.name, first, last, threshold_));
    if (!kind.account_type.empty()) {
        connection.execute(fmt::format(
            "SELECT count(*) FROM (SELECT a.id FROM accounts a JOIN tti_locked l ON l.id = a.account_id"
            " WHERE a.account_type = '{}' FOR UPDATE OF a) x",
            kind.account_type));
    }
}

void TenantCleanup::run_orphans(operation::StepContext& context) {
    for (const auto& table : orphan_tables()) {
        if (counts_.of(orphan_step, table) > 0) {
            remove_orphans(table, context);
        }
    }
    for (const auto* reference : orphan_clearings()) {
        if (counts_.of(orphan_step, Clearing{reference->table, reference->clears, "", ""}.counted_as()) > 0) {
            clear_orphans(*reference, context);
        }
    }
}

void TenantCleanup::remove_orphans(const std::string& table, operation::StepContext& context) {
    const auto condition = orphan_condition(table, "d", OrphanTerms{threshold_});
    const auto total = choose_candidates(fmt::format(
        "SELECT row_number() OVER () AS n, d.ctid AS place FROM {} d WHERE {}", table, condition));
    in_batches({{"kind", orphans_name}}, table, total, context,
               [&](Removal& removal, std::int64_t first, std::int64_t last) {
                   removal.remove(table, fmt::format("USING tti_candidates c WHERE c.n > {} AND c.n <= {}"
                                                     " AND d.ctid = c.place AND {}",
                                                     first, last, condition));
               });
}

void TenantCleanup::clear_orphans(const OrphanReference& reference, operation::StepContext& context) {
    const auto condition = orphan_condition(reference, "d", OrphanTerms{threshold_});
    std::string old;
    for (const auto& column : reference.clears) {
        old += fmt::format(", d.{} AS {}", column.column, column.old);
    }
    const auto total = choose_candidates(
        fmt::format("SELECT row_number() OVER () AS n, d.ctid AS place{} FROM {} d WHERE {}", old,
                    reference.table, condition));
    const auto& first = reference.clears.front();
    in_batches({{"kind", orphans_name}}, reference.table, total, context,
               [&](Removal& removal, std::int64_t from, std::int64_t to) {
                   removal.clear(
                       {reference.table, reference.clears, "c", ""},
                       fmt::format("FROM tti_candidates c WHERE c.n > {} AND c.n <= {} AND d.ctid = c.place"
                                   " AND d.{} = c.{} AND {}",
                                   from, to, first.column, first.old, condition));
               });
}

// A list to work through in even parts. It decides nothing: every part asks again whether its rows may go.
std::int64_t TenantCleanup::choose_candidates(const std::string& select) {
    auto& connection = session_.connection();
    connection.execute("DROP TABLE IF EXISTS pg_temp.tti_candidates");
    connection.execute(
        fmt::format("CREATE TEMPORARY TABLE tti_candidates AS {}; CREATE INDEX ON tti_candidates (n); "
                    "ANALYZE tti_candidates",
                    select));
    return connection.execute("SELECT count(*) FROM tti_candidates").integer(0, 0);
}

void TenantCleanup::in_batches(const nlohmann::json& about, const std::string& unit, std::int64_t total,
                               operation::StepContext& context,
                               const std::function<void(Removal&, std::int64_t, std::int64_t)>& body) {
    for (std::int64_t first = 0; first < total; first += request_.batch) {
        const auto last = std::min(first + request_.batch, total);
        const auto gone = remove_batch(session_.connection(), undo(), about,
                                       [&](Removal& removal) { body(removal, first, last); });
        operation::failure_point("after cleanup batch");
        for (const auto& amount : gone) {
            context.count(amount.what, amount.number);
            add(removed_, amount.what, amount.number);
        }
        context.progress(unit, last, total);
        context.safe_point();
    }
}

operation::UndoWriter* TenantCleanup::undo() {
    if (place_.keeps && !undo_) {
        undo_ = std::make_unique<operation::UndoWriter>(place_.create(undo_name_),
                                                        nlohmann::json{{"command", "is-db cleanup"},
                                                                       {"tenant_id", tenant_.id},
                                                                       {"schema", tenant_.schema},
                                                                       {"deleted_before", threshold_}});
    }
    return undo_.get();
}

}  // namespace tti::identity_server
