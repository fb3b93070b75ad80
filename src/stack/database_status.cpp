#include "stack/database_status.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tti::stack {
namespace {

using nlohmann::json;

// The most urgent first.
constexpr std::array urgency{ExitCode::newer_database, ExitCode::unreachable, ExitCode::usage,
                             ExitCode::unexpected,     ExitCode::refused,     ExitCode::locked,
                             ExitCode::partly_failed,  ExitCode::due,         ExitCode::done};

// So many runs are looked through for the newest migration.
constexpr auto runs_to_go_by = "100";

class Gathering {
  public:
    Gathering(cli::Context& context, const Database& database, util::DeadlineStop& stop)
        : context_(context), group_(database.group), stop_(stop) {
        status_.database = database;
    }

    DatabaseStatus operator()(bool quick) {
        if (!read_condition()) return std::move(status_);
        const auto operations = read_history();
        // Where Redis has the newest version recorded no migration is due. On PostgreSQL settings may ask for
        // one.
        if (status_.database.server == Server::postgres || status_.code != ExitCode::done) {
            plan_migration(operations);
        }
        if (status_.database.looks_through() && !quick && status_.code == ExitCode::done) look_through();
        return std::move(status_);
    }

  private:
    bool read_condition() {
        const auto answer = status_.database.looks_through()
                                ? ask(context_, {group_, "status", "--quick"}, stop_)
                                : ask(context_, {group_, "status"}, stop_);
        note(answer);
        if (answer.failure) {
            status_.failure = answer.failure;
            return false;
        }
        status_.looked_through = !status_.database.looks_through();
        status_.condition = operation::condition_of(answer.data);
        for (const auto& tenant : answer.data.value("tenants", json::array())) {
            status_.tenants.push_back(tenant.value("tenant_id", ""));
        }
        return true;
    }

    json read_history() {
        const auto answer = ask(context_, {group_, "history", "--limit", runs_to_go_by}, stop_);
        if (answer.failure) {
            status_.warnings.push_back(
                fmt::format("The journal could not be read: {}.", answer.failure->message));
            return json::array();
        }
        auto operations = answer.data.value("operations", json::array());
        if (!operations.empty()) status_.last_operation = operations.front();
        return operations;
    }

    void plan_migration(const json& operations) {
        status_.due = survey(context_, status_.database, stop_);
        const auto& due = *status_.due;
        if (status_.has_steps()) raise(ExitCode::due);
        if (due.failure && stop_.is_over()) {
            // It answered before, so it is there; what the migration would do is not known.
            status_.warnings.push_back(due.failure->message + ".");
            return;
        }
        warn(due.warnings);
        if (due.failure) {
            status_.failure = due.failure;
            raise(due.failure->code);
        } else {
            status_.estimate = estimate(due, operations);
        }
    }

    void look_through() {
        const auto answer = ask(context_, {group_, "status"}, stop_);
        if (answer.failure && stop_.is_over()) {
            status_.warnings.push_back(fmt::format(
                "Not looked through in time: this goes by what is recorded. tti-lw-stack {} status "
                "looks for as long as it takes.",
                group_));
            return;
        }
        note(answer);
        if (answer.failure) {
            status_.failure = answer.failure;
            return;
        }
        status_.looked_through = true;
        status_.condition = operation::condition_of(answer.data);
    }

    void note(const Answer& answer) {
        raise(answer.code);
        warn(answer.warnings);
    }
    // Each once: what is wrong with a setting, every command says.
    void warn(const std::vector<std::string>& warnings) {
        for (const auto& warning : warnings) {
            auto& all = status_.warnings;
            if (std::ranges::find(all, warning) == all.end()) all.push_back(warning);
        }
    }
    void raise(ExitCode code) { status_.code = more_urgent(status_.code, code); }

    cli::Context& context_;
    std::string group_;
    util::DeadlineStop& stop_;
    DatabaseStatus status_;
};

}  // namespace

ExitCode more_urgent(ExitCode one, ExitCode other) {
    return *std::ranges::find_first_of(urgency, std::array{one, other});
}

std::string DatabaseStatus::state() const {
    switch (code) {
        case ExitCode::done:
            return "in order";
        case ExitCode::due:
            if (has_steps() || !condition || condition->version != condition->newest_version) return "due";
            return condition->differences.empty() ? "unhealthy" : "drift";
        case ExitCode::newer_database:
            return "newer";
        case ExitCode::unreachable:
            return "unreachable";
        case ExitCode::locked:
            return "locked";
        case ExitCode::refused:
            return "refused";
        default:
            return "failed";
    }
}

std::string DatabaseStatus::next() const {
    if (code != ExitCode::due) return {};
    if (has_steps()) return fmt::format("{} migrate", database.group);
    return condition ? condition->next : "";
}

DatabaseStatus database_status(cli::Context& context, const Database& database, bool quick,
                               util::DeadlineStop& stop) {
    return Gathering(context, database, stop)(quick);
}

}  // namespace tti::stack
