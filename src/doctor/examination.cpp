#include "doctor/examination.hpp"

#include <algorithm>
#include <future>

#include <fmt/format.h>

#include "database/address.hpp"
#include "doctor/places.hpp"
#include "identity_server/schema_state.hpp"
#include "key_space/redis_servers.hpp"
#include "util/deadline_stop.hpp"
#include "util/text.hpp"

namespace tti::doctor {
namespace {

using Chosen = std::span<const Check* const>;
using settings::Values;

Finding unreachable(const Error& error) {
    return {Severity::error, "The database cannot be used, so not all of it was looked at.", error.what(),
            setting(error.hint())};
}

Finding silent(std::chrono::milliseconds limit) {
    return {Severity::error, "The database did not answer in time, so not all of it was looked at.",
            fmt::format("no end after {} s", std::chrono::duration<double>(limit).count()),
            setting("Look at the load of the server and at who holds locks there, then run this again.")};
}

Finding not_looked(const Error& error) {
    return {Severity::warning, "This could not be looked at.", error.what(),
            setting(error.hint().empty() ? "Give the role of the stack the right to see it." : error.hint())};
}

template <typename Function>
bool any_of(Chosen chosen) {
    return std::ranges::any_of(
        chosen, [](const Check* check) { return std::holds_alternative<Function>(check->examine); });
}

bool any_on_postgres(Chosen chosen) {
    return any_of<OfPostgres>(chosen) || any_of<OfIdentityServer>(chosen) || any_of<OfStorage>(chosen) ||
           any_of<OfNetworkOperationsCenter>(chosen);
}

// One place: opens it and lets the checks look.
class Visit {
  public:
    Visit(cli::Context& context, Chosen chosen, std::string place, std::string server)
        : outer_(context),
          chosen_(chosen),
          place_(std::move(place)),
          server_(std::move(server)),
          limit_(std::chrono::ceil<std::chrono::milliseconds>(context.values.duration("timeout"))),
          stop_(context.stop, limit_),
          context_{context.program,        context.values,       context.surroundings,
                   context.reporter,       context.prompt,       stop_,
                   context.standard_input, context.command_line, context.run_command} {}

    std::vector<Look> postgres(const PostgresPlace& where) {
        if (!attempt([&] { look_at_server(where); })) return std::move(looks_);
        for (const auto& name : where.settings) attempt([&] { open(name); });
        return std::move(looks_);
    }

    std::vector<Look> redis(const key_space::RedisServer& where) {
        attempt([&] {
            redis::Connection connection(
                where.target, {.context = where.named_by.front(), .mode = redis::Mode::read_only}, stop_);
            RedisServer server{connection, outer_.values, where.named_by};
            look<OfRedis>(server, nullptr);
        });
        return std::move(looks_);
    }

    std::vector<Look> settings() {
        attempt([&] { look<OfSettings>(outer_.values, nullptr); });
        return std::move(looks_);
    }

  private:
    void look_at_server(const PostgresPlace& where) {
        if (!any_of<OfPostgres>(chosen_)) return;
        const auto uri = database::address(outer_.values, where.settings.front());
        postgres::Connection connection(uri,
                                        {.context = util::lower(where.names.front()),
                                         .mode = postgres::Mode::read_only,
                                         .setting = where.settings.front()},
                                        stop_);
        PostgresDatabase database{connection, outer_.values, where.settings, stop_};
        look<OfPostgres>(database, &connection);
    }

    void open(const std::string& address_setting) {
        if (address_setting == identity_server_address && any_of<OfIdentityServer>(chosen_)) {
            identity_server::Session session(context_, identity_server::Access::read);
            IdentityServer server{session, outer_.values, tenants_with_tables(session)};
            look<OfIdentityServer>(server, &session.connection());
        } else if (address_setting == storage_address && any_of<OfStorage>(chosen_)) {
            storage_integration::Session session(context_, database::Access::read);
            look<OfStorage>(session, &session.connection());
        } else if (address_setting == noc_address && any_of<OfNetworkOperationsCenter>(chosen_)) {
            network_operations_center::Session session(context_, database::Access::read);
            look<OfNetworkOperationsCenter>(session, &session.connection());
        }
    }

    static std::vector<identity_server::Tenant> tenants_with_tables(identity_server::Session& session) {
        auto tenants = session.all_tenants();
        const auto states = identity_server::read_states(session.connection(), tenants);
        std::erase_if(tenants, [&](const identity_server::Tenant& tenant) {
            return states.at(tenant.schema).layout() != identity_server::Layout::migrated;
        });
        return tenants;
    }

    // A statement that fails ends its transaction, hence the savepoint.
    template <typename Function, typename Subject>
    void look(Subject& subject, postgres::Connection* connection) {
        for (const auto* check : chosen_) {
            const auto* function = std::get_if<Function>(&check->examine);
            if (function == nullptr) continue;
            if (connection != nullptr) connection->execute("SAVEPOINT doctor");
            try {
                add(check->name, (*function)(subject));
            } catch (const UnreachableError&) {
                throw;
            } catch (const InterruptedError&) {
                throw;
            } catch (const Error& error) {
                if (connection != nullptr) connection->execute("ROLLBACK TO doctor");
                add(check->name, {not_looked(error)});
            }
        }
    }

    // False where the work did not come to its end.
    template <typename Work>
    bool attempt(Work work) {
        try {
            work();
            return true;
        } catch (const InterruptedError&) {
            if (outer_.stop.requested()) throw;
            add(reachable, {silent(limit_)});
        } catch (const Error& error) {
            add(reachable, {unreachable(error)});
        }
        return false;
    }

    void add(std::string_view check, Findings findings) {
        looks_.push_back({check, place_, server_, std::move(findings)});
    }

    cli::Context& outer_;
    Chosen chosen_;
    std::string place_;
    std::string server_;
    std::chrono::milliseconds limit_;
    util::DeadlineStop stop_;
    cli::Context context_;
    std::vector<Look> looks_;
};

}  // namespace

std::vector<Examination::Told> Examination::findings() const {
    std::vector<std::pair<std::string, Told>> told;  // with the server
    for (const auto& look : looks) {
        for (const auto& finding : look.findings) {
            const bool known = std::ranges::any_of(told, [&](const auto& other) {
                return other.first == look.server && other.second.check == look.check &&
                       other.second.finding == finding;
            });
            if (!known) told.push_back({look.server, {look.check, look.place, finding}});
        }
    }
    std::vector<Told> result;
    result.reserve(told.size());
    for (auto& [server, one] : told) result.push_back(std::move(one));
    std::ranges::stable_sort(result, [](const Told& left, const Told& right) {
        return left.finding.severity > right.finding.severity;
    });
    return result;
}

Examination examine(cli::Context& context, Chosen chosen) {
    std::vector<std::future<std::vector<Look>>> visits;
    const auto visit = [&](std::string place, std::string server, auto work) {
        visits.push_back(std::async(std::launch::async, [&context, chosen, place = std::move(place),
                                                         server = std::move(server), work] {
            Visit one(context, chosen, place, server);
            return work(one);
        }));
    };
    visit("settings", "settings", [](Visit& one) { return one.settings(); });
    if (any_on_postgres(chosen)) {
        for (const auto& place : postgres_places(context.values)) {
            visit(place.display, place.server, [place](Visit& one) { return one.postgres(place); });
        }
    }
    if (any_of<OfRedis>(chosen)) {
        for (const auto& place : key_space::redis_servers(context.values)) {
            visit(place.target.display(), place.target.display(),
                  [place](Visit& one) { return one.redis(place); });
        }
    }
    Examination examination;
    for (auto& one : visits) {
        auto looks = one.get();
        std::ranges::move(looks, std::back_inserter(examination.looks));
    }
    return examination;
}

}  // namespace tti::doctor
