#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "identity_server/client_operation.hpp"
#include "identity_server/register.hpp"

namespace tti::identity_server {
namespace {

void refuse_deleted_copies(const std::vector<Tenant>& tenants, const std::vector<ClientCopy>& copies,
                           const std::string& id) {
    constexpr std::size_t most = 5;
    std::string names;
    std::size_t count = 0;
    for (std::size_t index = 0; index < copies.size(); ++index) {
        if (copies[index].deleted && ++count <= most) {
            names += fmt::format("{}{}", names.empty() ? "" : ", ", tenants[index].id);
        }
    }
    if (count > 0) {
        throw RefusedError(
            fmt::format("OAuth client {} is deleted in {} of {} tenants ({}{}), and its ID stays taken until "
                        "it is purged",
                        id, count, tenants.size(), names, count > most ? ", …" : ""),
            fmt::format("Restore it there with `ttn-lw-cli clients restore {}`, purge what was deleted with "
                        "`tti-lw-stack is-db cleanup`, or use another ID.",
                        id));
    }
}

}  // namespace

GlobalClientOperation::GlobalClientOperation(Session& session, ClientRequest request)
    : ClientOperation(session, std::move(request)), tenants_(session.all_tenants()) {}

nlohmann::json GlobalClientOperation::tenant_data() const {
    return nullptr;
}

GlobalClientOperation::Situation GlobalClientOperation::look(Locking locking) {
    Situation situation;
    if (session().tenants().exists()) {
        situation.row = read_register_client(session().connection(), request().id, locking);
        count_copies(situation);
    } else {
        situation.stale = tenants_.size();
    }
    situation.change = change_for(situation.row);
    return situation;
}

void GlobalClientOperation::count_copies(Situation& situation) {
    const auto copies = read_copies(session().connection(), tenants_, request().id);
    refuse_deleted_copies(tenants_, copies, request().id);
    for (const ClientCopy& copy : copies) {
        situation.stale += copy.differs || !copy.present ? 1 : 0;
        situation.replaced += copy.present && copy.differs ? 1 : 0;
    }
}

operation::Plan GlobalClientOperation::plan() {
    operation::Plan plan{.title = fmt::format("create OAuth client {} of all tenants", request().id)};
    const Situation situation = look(Locking::none);
    const auto& change = situation.change.row;
    if (change.empty() && situation.stale == 0) {
        return plan;
    }
    std::string why = "it does not exist yet";
    if (situation.row) {
        why = change.empty() ? fmt::format("{} tenants do not have it as it is", situation.stale)
                             : fmt::format("these differ: {}", change.words());
    }
    auto step = step_for(situation.row.has_value(), why);
    step.touches = {
        {"tenants", static_cast<std::int64_t>(change.empty() ? situation.stale : tenants_.size())}};
    plan.steps.push_back(std::move(step));
    if (situation.replaced > 0) {
        plan.notes.push_back(fmt::format("{} tenants have other values in a client {}; they take these ones.",
                                         situation.replaced, request().id));
    }
    return plan;
}

void GlobalClientOperation::run(operation::StepContext& context) {
    auto& connection = session().connection();
    create_register(connection);
    session().forget_register();
    std::int64_t written = 0;
    try {
        postgres::Transaction transaction(connection);
        const Situation situation = look(Locking::for_update);
        const auto& change = situation.change.row;
        if (!situation.row) {
            connection.query(change.insert(register_clients));
        } else if (!change.empty()) {
            connection.query(change.update(register_clients, "client_id", request().id));
        }
        written = write_global_client(connection, tenants_, request().id);
        transaction.commit();
        done(situation.row.has_value(), !change.empty() || written > 0, situation.change.shows_generated);
    } catch (const postgres::UniqueViolation&) {
        refuse_taken();
    }
    context.count("tenants", written);
}

void GlobalClientOperation::verify() {
    Situation situation;
    count_copies(situation);
    if (situation.stale > 0) {
        throw Error(ExitCode::unexpected,
                    fmt::format("{} tenants do not have OAuth client {} as it was written", situation.stale,
                                request().id),
                    "Somebody else changed it at the same time; run the command again.");
    }
}

}  // namespace tti::identity_server
