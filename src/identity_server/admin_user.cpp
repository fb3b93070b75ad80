#include "identity_server/admin_user.hpp"

#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "identity_server/command_parts.hpp"
#include "identity_server/password_hash.hpp"
#include "identity_server/register.hpp"

namespace tti::identity_server {
namespace {

struct UserRow {
    std::string email;
    bool email_validated = false;
    std::string password;
    std::string name;
    State state = State::requested;
    bool admin = false;
};

struct SessionTable {
    const char* table;
    const char* what;
};
// What lets somebody act as a user without the password.
constexpr std::array session_tables{
    SessionTable{"user_sessions", "sessions"}, SessionTable{"access_tokens", "access tokens"},
    SessionTable{"authorization_codes", "authorization codes"}, SessionTable{"login_tokens", "login tokens"}};

std::string number(State state) {
    return std::to_string(static_cast<int>(state));
}

postgres::Parameter null_if_empty(const std::string& text) {
    return text.empty() ? postgres::Parameter{} : postgres::Parameter{text};
}

UserRow read_user(postgres::Connection& connection, const Tenant& tenant, const std::string& id,
                  Locking locking) {
    const auto row = connection.query(
        fmt::format(
            "SELECT primary_email_address, primary_email_address_validated_at IS NOT NULL, password, name, "
            "state, admin FROM {} WHERE id = $1{}",
            qualified(tenant, "users"), locking_clause(locking)),
        {id});
    return {std::string(row.text(0, 0)),           row.boolean(0, 1),
            std::string(row.text(0, 2)),           std::string(row.text(0, 3)),
            static_cast<State>(row.integer(0, 4)), row.boolean(0, 5)};
}

void set_password(RowChange& change, const Secret& password) {
    change.set("password", hash_password(password), "password");
    change.set_now("password_updated_at");
}

void set_email(RowChange& change, const std::string& email) {
    change.set("primary_email_address", email, "e-mail address");
    change.set_now("primary_email_address_validated_at");
}

RowChange new_user(const AdminUserRequest& request) {
    if (!request.email || !request.password) {
        const char* missing = request.email ? "password" : "email";
        throw UsageError(
            fmt::format("user {} does not exist yet, so option {} is needed", request.id, missing),
            "A new admin user needs --email and a password (--password-from, or a terminal to ask at).");
    }
    RowChange change;
    set_email(change, *request.email);
    set_password(change, *request.password);
    change.set("require_password_update", "false");
    change.set("state", number(State::approved));
    change.set("admin", "true");
    if (request.name) {
        change.set("name", null_if_empty(*request.name));
    }
    return change;
}

RowChange difference(const UserRow& row, const AdminUserRequest& request) {
    RowChange change;
    if (request.email && (row.email != *request.email || !row.email_validated)) {
        set_email(change, *request.email);
    }
    // The same password keeps its hash, so that a repeated run changes nothing.
    if (request.password && verify_password(*request.password, row.password) != true) {
        set_password(change, *request.password);
    }
    if (request.name && row.name != *request.name) {
        change.set("name", null_if_empty(*request.name), "name");
    }
    if (row.state != State::approved) {
        change.set("state", number(State::approved), "state approved");
    }
    if (!row.admin) {
        change.set("admin", "true", "admin");
    }
    return change;
}

}  // namespace

AdminUserOperation::AdminUserOperation(Session& session, AdminUserRequest request)
    : session_(session), request_(std::move(request)), tenant_(session.tenant(request_.tenant_id)) {}

AdminUserOperation::Situation AdminUserOperation::look(Locking locking) {
    Situation situation{find_account(session_.connection(), tenant_, request_.id, locking), {}};
    if (!situation.account) {
        situation.change = new_user(request_);
    } else {
        require_usable(*situation.account, tenant_, request_.id);
        const auto row = read_user(session_.connection(), tenant_, situation.account->entity_id, locking);
        situation.change = difference(row, request_);
    }
    require_free_email(situation.account);
    return situation;
}

void AdminUserOperation::require_free_email(const std::optional<Account>& account) {
    if (!request_.email) {
        return;
    }
    const auto rows = session_.connection().query(
        fmt::format("SELECT coalesce((SELECT a.uid FROM {1} a WHERE a.account_id = u.id AND a.account_type = "
                    "'user'), "
                    "u.id::text) FROM {0} u WHERE lower(u.primary_email_address) = lower($1) AND "
                    "u.deleted_at IS NULL "
                    "AND u.id IS DISTINCT FROM $2::uuid",
                    qualified(tenant_, "users"), qualified(tenant_, "accounts")),
        {*request_.email, account ? postgres::Parameter{account->entity_id} : postgres::Parameter{}});
    if (!rows.empty()) {
        throw RefusedError(fmt::format("the e-mail address {} belongs to user {} of {}", *request_.email,
                                       rows.text(0, 0), describe(tenant_)),
                           "Give another address with --email, or that user's ID with --id.");
    }
}

operation::Amounts AdminUserOperation::sessions_of(const std::string& user) {
    operation::Amounts amounts;
    for (const auto& [table, what] : session_tables) {
        const auto count = session_.connection().query(
            fmt::format("SELECT count(*) FROM {} WHERE user_id = $1", qualified(tenant_, table)), {user});
        if (count.integer(0, 0) > 0) {
            operation::add(amounts, what, count.integer(0, 0));
        }
    }
    return amounts;
}

operation::Plan AdminUserOperation::plan() {
    operation::Plan plan{.title = fmt::format("create admin user {} of {}", request_.id, describe(tenant_))};
    const Situation situation = look(Locking::none);
    const bool revokes = request_.revoke_sessions && situation.account;
    const auto sessions = revokes ? sessions_of(situation.account->entity_id) : operation::Amounts{};
    if (!situation.change.empty() || !sessions.empty()) {
        plan.steps.push_back(step_for(situation, sessions));
    }
    if (request_.id == "admin") {
        plan.notes.emplace_back(
            "The Network Operations Center refuses the ID admin; choose another --id where it is used.");
    }
    return plan;
}

operation::Step AdminUserOperation::step_for(const Situation& situation, const operation::Amounts& sessions) {
    operation::Step step{.name = situation.account ? "update-user" : "create-user",
                         .what = fmt::format("create user {} as an approved admin", request_.id),
                         .why = "it does not exist yet",
                         .touches = {{"users", 1}, {"accounts", 1}},
                         .lock = operation::Lock::rows,
                         .undo = "delete the user in the Console",
                         .run = [this](operation::StepContext& context) { run(context); }};
    if (situation.account) {
        const std::string words = situation.change.words();
        step.what =
            fmt::format("update user {}{}", request_.id, sessions.empty() ? "" : ", and end its sessions");
        step.why = words.empty() ? "--revoke-sessions is given" : fmt::format("these differ: {}", words);
        step.touches = situation.change.empty() ? operation::Amounts{} : operation::Amounts{{"users", 1}};
        step.touches.insert(step.touches.end(), sessions.begin(), sessions.end());
        step.undo = "give the former values again; sessions that were ended do not come back";
        step.destroys = !sessions.empty();
    }
    return step;
}

void AdminUserOperation::run(operation::StepContext& context) {
    try {
        postgres::Transaction transaction(session_.connection());
        const Situation situation = look(Locking::for_update);
        write(situation);
        if (request_.revoke_sessions && situation.account) {
            revoke(*situation.account, context);
        }
        transaction.commit();
        action_ = !situation.account                             ? "created"
                  : situation.change.empty() && revoked_.empty() ? "unchanged"
                                                                 : "updated";
    } catch (const postgres::UniqueViolation&) {
        throw RefusedError(
            fmt::format("the ID {} or its e-mail address was taken by somebody else at this moment",
                        request_.id),
            "Run the command again; it then tells who has it.");
    }
    if (action_ != "unchanged") {
        context.count("users", 1);
    }
}

void AdminUserOperation::write(const Situation& situation) {
    auto& connection = session_.connection();
    if (!situation.account) {
        const auto user = connection.query(situation.change.insert(qualified(tenant_, "users"), "id"));
        RowChange account;
        account.set("uid", request_.id);
        account.set("account_type", "user");
        account.set("account_id", std::string(user.text(0, 0)));
        connection.query(account.insert(qualified(tenant_, "accounts")));
    } else if (!situation.change.empty()) {
        connection.query(
            situation.change.update(qualified(tenant_, "users"), "id", situation.account->entity_id));
    }
}

void AdminUserOperation::revoke(const Account& account, operation::StepContext& context) {
    for (const auto& [table, what] : session_tables) {
        const auto gone = session_.connection().query(
            fmt::format("DELETE FROM {} WHERE user_id = $1", qualified(tenant_, table)), {account.entity_id});
        if (gone.affected() > 0) {
            operation::add(revoked_, what, gone.affected());
            context.count(what, gone.affected());
        }
    }
}

void AdminUserOperation::verify() {
    if (!look(Locking::none).change.empty()) {
        throw Error(ExitCode::unexpected,
                    fmt::format("user {} of {} is not as it was written", request_.id, describe(tenant_)),
                    "Somebody else changed it at the same time; run the command again.");
    }
}

std::string AdminUserOperation::result_text() {
    std::string text = fmt::format("Admin user {} of {}: {}.", request_.id, describe(tenant_),
                                   action_ == "unchanged" ? "nothing to change" : action_);
    if (!revoked_.empty()) {
        text += fmt::format(" Ended: {}.", operation::describe(revoked_));
    }
    return text;
}

nlohmann::json AdminUserOperation::result_data() {
    nlohmann::json revoked = nlohmann::json::object();
    for (const auto& amount : revoked_) {
        revoked[amount.what] = amount.number;
    }
    return {{"action", action_}, {"tenant_id", tenant_.id}, {"user_id", request_.id}, {"revoked", revoked}};
}

}  // namespace tti::identity_server
