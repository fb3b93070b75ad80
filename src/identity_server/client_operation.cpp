#include "identity_server/client_operation.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "identity_server/command_parts.hpp"
#include "identity_server/token.hpp"

namespace tti::identity_server {

ClientOperation::ClientOperation(Session& session, ClientRequest request)
    : session_(session), request_(std::move(request)), generated_(generate_key()) {}

ClientChange ClientOperation::change_for(const std::optional<ClientRow>& row) const {
    return row ? client_difference(*row, request_, generated_) : new_client(request_, generated_);
}

operation::Step ClientOperation::step_for(bool exists, std::string why) {
    return {
        .name = exists ? "update-client" : "create-client",
        .what = fmt::format("{} OAuth client {} of {}", exists ? "update" : "create", request_.id, where()),
        .why = std::move(why),
        .lock = operation::Lock::rows,
        .undo = exists ? "give the former values again; a former secret only with --secret"
                       : "delete the client in the Console",
        .run = [this](operation::StepContext& context) { run(context); }};
}

void ClientOperation::done(bool existed, bool changed, bool shows_generated) {
    action_ = !existed ? "created" : changed ? "updated" : "unchanged";
    shows_generated_ = shows_generated;
}

void ClientOperation::refuse_taken() const {
    throw RefusedError(fmt::format("OAuth client {} of {} was created by somebody else at this moment",
                                   request_.id, where()),
                       "Run the command again; it then updates that client.");
}

std::string ClientOperation::result_text() {
    std::string text = fmt::format("OAuth client {} of {}: {}.", request_.id, where(),
                                   action_ == "unchanged" ? "nothing to change" : action_);
    if (shows_generated_) {
        text += fmt::format("\nClient secret, shown only now: {}", generated_.reveal());
    }
    return text;
}

nlohmann::json ClientOperation::result_data() {
    nlohmann::json data{{"action", action_}, {"tenant_id", tenant_data()}, {"client_id", request_.id}};
    if (shows_generated_) {
        data["secret"] = generated_.reveal();
    }
    return data;
}

TenantClientOperation::TenantClientOperation(Session& session, ClientRequest request)
    : ClientOperation(session, std::move(request)),
      tenant_(session.tenant(ClientOperation::request().tenant_id)) {}

std::string TenantClientOperation::where() const {
    return describe(tenant_);
}

nlohmann::json TenantClientOperation::tenant_data() const {
    return tenant_.id;
}

TenantClientOperation::Situation TenantClientOperation::look(Locking locking) {
    auto& connection = session().connection();
    if (session().tenants().exists() && read_register_client(connection, request().id, Locking::none)) {
        throw RefusedError(
            fmt::format("OAuth client {} is valid for all tenants, so {} cannot have one of its own",
                        request().id, where()),
            "Change it with --tenant-id=NULL, or use another --id.");
    }
    Situation situation;
    situation.row = read_tenant_client(connection, tenant_, request().id, locking);
    if (situation.row && situation.row->deleted) {
        refuse_deleted("clients", "OAuth client", tenant_, request().id);
    }
    situation.change = change_for(situation.row);
    if (request().owner) {
        situation.owner = require_user(connection, tenant_, *request().owner, locking);
        situation.owner_missing =
            !situation.row || owner_missing(connection, tenant_, *situation.owner, situation.row->id);
    }
    return situation;
}

operation::Plan TenantClientOperation::plan() {
    operation::Plan plan{.title = fmt::format("create OAuth client {} of {}", request().id, where())};
    const Situation situation = look(Locking::none);
    if (situation.change.row.empty() && !situation.owner_missing) {
        return plan;
    }
    std::string why = "it does not exist yet";
    if (situation.row) {
        why = situation.change.row.empty() ? "the owner has no rights on it"
                                           : fmt::format("these differ: {}", situation.change.row.words());
    }
    auto step = step_for(situation.row.has_value(), why);
    step.touches = {{"clients", situation.change.row.empty() ? 0 : 1},
                    {"memberships", situation.owner_missing ? 1 : 0}};
    plan.steps.push_back(std::move(step));
    return plan;
}

void TenantClientOperation::run(operation::StepContext& context) {
    auto& connection = session().connection();
    try {
        postgres::Transaction transaction(connection);
        const Situation situation = look(Locking::for_update);
        const auto& change = situation.change.row;
        const std::string table = qualified(tenant_, "clients");
        std::string id = situation.row ? situation.row->id : "";
        if (!situation.row) {
            id = connection.query(change.insert(table, "id")).text(0, 0);
        } else if (!change.empty()) {
            connection.query(change.update(table, "id", id));
        }
        if (situation.owner_missing) {
            write_owner(connection, tenant_, *situation.owner, id);
        }
        transaction.commit();
        done(situation.row.has_value(), !change.empty() || situation.owner_missing,
             situation.change.shows_generated);
    } catch (const postgres::UniqueViolation&) {
        refuse_taken();
    }
    context.count("clients", 1);
}

}  // namespace tti::identity_server
