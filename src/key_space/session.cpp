#include "key_space/session.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "key_space/permissions.hpp"
#include "key_space/tenant_name.hpp"
#include "lorawan/identifiers.hpp"
#include "operation/dry_run.hpp"
#include "operation/redis_journal.hpp"
#include "settings/bad_value.hpp"

namespace tti::key_space {
namespace {

using settings::Values;

bool declared(const Values& values, std::string_view name) {
    return std::ranges::any_of(values.options(), [name](const auto& option) { return option.name == name; });
}

std::string tenant_of(const Values& values) {
    if (!declared(values, "tenant-id") || !values.given("tenant-id")) return {};
    const auto& id = values.text("tenant-id");
    if (!lorawan::is_id(id)) {
        throw settings::bad_value(
            values, "tenant-id", settings::in_quotes(id),
            "accepted: 3 to 36 lower case letters, digits and single hyphens between them");
    }
    if (id == values.text("tenancy.default-id")) return {};
    if (is_name_of_a_server(id)) {
        throw settings::bad_value(values, "tenant-id", settings::in_quotes(id),
                                  "the keys of a server have that name",
                                  "A tenant of that ID cannot have a name space of its own in Redis.");
    }
    return id;
}

lorawan::Keys keys_of(const Values& values, const std::string& tenant_id) {
    auto name_space = values.list("redis.namespace");
    if (!tenant_id.empty()) name_space.push_back(tenant_id);
    return lorawan::Keys(name_space);
}

double rate(const Values& values) {
    if (!declared(values, "rate") || !values.has("rate")) return 0;
    const auto& text = values.text("rate");
    std::string_view number = text;
    if (number.ends_with("/s")) number.remove_suffix(2);
    double rate = 0;
    const auto [end, error] =
        std::from_chars(number.data(), number.data() + number.size(), rate, std::chars_format::fixed);
    if (error != std::errc() || end != number.data() + number.size() || !std::isfinite(rate) || rate <= 0) {
        throw settings::bad_value(values, "rate", settings::in_quotes(text),
                                  "accepted: keys a second, such as 5000/s");
    }
    return rate;
}

std::chrono::nanoseconds max_latency(const Values& values) {
    if (!declared(values, "max-latency") || !values.has("max-latency")) return {};
    const auto latency = values.duration("max-latency");
    if (latency <= std::chrono::nanoseconds(0)) {
        throw settings::bad_value(values, "max-latency", values.display("max-latency", false),
                                  "accepted: a duration above zero, such as 5ms");
    }
    return latency;
}

std::string connection_name(operation::Area area) {
    switch (area) {
        case operation::Area::identity_server:
            return "identity server";
        case operation::Area::network_server:
            return "network server";
        case operation::Area::application_server:
            return "application server";
        case operation::Area::join_server:
            return "join server";
        case operation::Area::device_claiming_server:
            return "device claiming server";
        case operation::Area::storage_integration:  // in PostgreSQL
        case operation::Area::network_operations_center:
            break;
    }
    return "redis";
}

// The run lock, and the journal's connection, which is not stopped by Ctrl-C, so that the journal can say
// that the run was.
class Control {
  public:
    Control(Session& session, operation::Area area, const operation::Identity& identity)
        : connection_(session.connection().target(), {.context = "journal"}, never_),
          lock_(session.connection().target(), session.keys().prefix(), area, identity,
                session.context().reporter, session.context().stop),
          journal_(connection_, session.keys().prefix(), area, lock_) {
        session.set_run_lock(lock_);
    }

    operation::Parts parts(cli::Context& context) {
        return {lock_, journal_, context.reporter, context.prompt, context.stop};
    }

  private:
    util::NeverStop never_;
    redis::Connection connection_;
    operation::RedisRunLock lock_;
    operation::RedisJournal journal_;
};

}  // namespace

std::vector<settings::Option> tenant_options() {
    return {{.name = "tenant-id",
             .description = "tenant whose keys are meant; the one of tenancy.default-id when left out",
             .value_name = "ID"}};
}

std::vector<settings::Option> bulk_options() {
    auto options = tenant_options();
    options.push_back({.name = "rate", .description = "work on no more keys a second", .value_name = "N/s"});
    options.push_back({.name = "max-latency",
                       .type = settings::Type::duration,
                       .description = "slow down while a round trip to the server takes longer",
                       .value_name = "DURATION"});
    return options;
}

redis::Pace::Limits pace_limits(const Values& values) {
    return {rate(values), max_latency(values)};
}

Session::Session(cli::Context& context, redis::Mode mode, std::string name)
    : Session(context, mode, std::move(name), pace_limits(context.values)) {}

Session::Session(cli::Context& context, redis::Mode mode, std::string name, redis::Pace::Limits limits)
    : context_(context),
      tenant_id_(tenant_of(context.values)),
      keys_(keys_of(context.values, tenant_id_)),
      connection_(general_target(context.values), {.context = std::move(name), .mode = mode}, context.stop),
      pace_(connection_, limits) {
    if (mode == redis::Mode::writes) {
        redis::require_writable(connection_);
    } else {
        redis::require_usable(connection_);
    }
}

void Session::require_lock() const {
    if (run_lock_ != nullptr) run_lock_->require_held();
}

ExitCode run_writing(cli::Context& context, operation::Area area,
                     const std::function<std::unique_ptr<operation::Operation>(Session&)>& make) {
    const operation::RunOptions options{context.values.boolean("dry-run"), context.values.boolean("yes"),
                                        context.values.duration("wait")};
    const auto identity = operation::current_identity(context.command_line);
    Session session(context, options.dry_run ? redis::Mode::read_only : redis::Mode::writes,
                    connection_name(area));
    if (options.dry_run) {
        operation::NoLock lock;
        operation::NoJournal journal;
        operation::run(*make(session), options, identity,
                       {lock, journal, context.reporter, context.prompt, context.stop});
    } else {
        redis::require_writable(session.connection(), needed_permissions(area, session.keys()));
        Control control(session, area, identity);
        operation::run(*make(session), options, identity, control.parts(context));
    }
    return ExitCode::done;
}

ExitCode run_reading(cli::Context& context, operation::Area area,
                     const std::function<ExitCode(Session&)>& body) {
    Session session(context, redis::Mode::read_only, connection_name(area));
    return body(session);
}

}  // namespace tti::key_space
