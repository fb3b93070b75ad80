#include "memory/command.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "key_space/redis_servers.hpp"
#include "key_space/session.hpp"
#include "memory/due.hpp"
#include "memory/gains.hpp"
#include "memory/report.hpp"
#include "memory/survey.hpp"
#include "redis/scan.hpp"
#include "settings/bad_value.hpp"
#include "settings/catalogue.hpp"

namespace tti::memory {
namespace {

using settings::Values;

// A page is a question for every key, several for some.
constexpr std::size_t page_size = 256;

// A server to look at, and whose keys lie there.
struct Server {
    std::string name;
    redis::Target target;
    std::vector<std::vector<std::string>> name_spaces;
};

// redis.*, and those of cache.redis.* and events.redis.* that are elsewhere.
std::vector<Server> servers(const Values& values, const std::string& tenant_id) {
    std::vector<Server> result;
    for (auto& server : key_space::redis_servers(values)) {
        Server one{server.named_by.front(), std::move(server.target), {}};
        for (const auto& name : server.named_by) {
            const auto group = name == "redis" ? name : key_space::settings_group(values, name);
            auto name_space = values.list(group + ".namespace");
            if (!tenant_id.empty()) name_space.push_back(tenant_id);
            if (std::ranges::find(one.name_spaces, name_space) == one.name_spaces.end())
                one.name_spaces.push_back(std::move(name_space));
        }
        result.push_back(std::move(one));
    }
    return result;
}

std::int64_t positive(const Values& values, const std::string& name) {
    const auto number = values.integer(name);
    if (number >= 1) return number;
    throw settings::bad_value(values, name, std::to_string(number), "accepted: 1 or more",
                              "Correct it and run the command again.");
}

class Look {
  public:
    Look(cli::Context& context, std::string tenant_id, std::int64_t sample)
        : context_(context), tenant_id_(std::move(tenant_id)), sample_(sample) {}

    // `due` counts along where the commands would work.
    Place at(redis::Connection& connection, const Server& server, std::size_t number, std::size_t of,
             Due* due = nullptr) {
        std::vector<lorawan::Keys> name_spaces;
        for (const auto& name_space : server.name_spaces) name_spaces.emplace_back(name_space);
        redis::Pace pace(connection, key_space::pace_limits(context_.values));
        const auto total = connection.call("DBSIZE")->integer();
        // Of a tenant its own keys; else all, so that unknown ones are seen too.
        redis::Scan scan(connection, {.match = tenant_id_.empty() ? "" : name_spaces.front().glob_below("")});
        Survey survey(connection, std::move(name_spaces), sample_);
        std::vector<std::string> keys;
        std::int64_t done = 0;
        while (scan.next(keys)) {
            for (std::span<const std::string> rest(keys); !rest.empty();) {
                const auto page = rest.first(std::min(pace.batch(page_size), rest.size()));
                connection.repeat([&] { survey.add(page); });
                if (due != nullptr) due->add(page);
                pace.spent(page.size());
                rest = rest.subspan(page.size());
                done += static_cast<std::int64_t>(page.size());
                context_.reporter.progress({server.name, number, of, "keys", done, total});
            }
        }
        Place place{server.name, connection.target().display(), connection.server().version,
                    connection.server().used_memory, survey.findings()};
        if (due != nullptr) {
            due->finish();
            place.gains = gains(place.findings, *due);
        }
        return place;
    }

  private:
    cli::Context& context_;
    std::string tenant_id_;
    std::int64_t sample_;
};

ExitCode look(cli::Context& context) {
    const auto most = static_cast<std::size_t>(positive(context.values, "applications"));
    const auto sample = positive(context.values, "sample");
    const auto session_key_limit = join_server::session_key_limit(context.values);
    key_space::Session session(context, redis::Mode::read_only, "redis");
    const auto all = servers(context.values, session.tenant_id());
    Look look(context, session.tenant_id(), sample);
    Due due(session, session_key_limit);
    std::vector<Place> places{look.at(session.connection(), all.front(), 1, all.size(), &due)};
    for (std::size_t index = 1; index < all.size(); ++index) {
        redis::Connection connection(
            all[index].target, {.context = all[index].name, .mode = redis::Mode::read_only}, context.stop);
        redis::require_usable(connection);
        places.push_back(look.at(connection, all[index], index + 1, all.size()));
    }
    context.reporter.result(to_text(places, most), to_json(places, most));
    return ExitCode::done;
}

std::vector<settings::Option> options() {
    auto options = key_space::bulk_options();
    options.push_back({.name = "sample",
                       .type = settings::Type::integer,
                       .description = "measure one of so many keys of a kind, and judge the rest by it",
                       .value_name = "N",
                       .default_text = "1"});
    options.push_back({.name = "applications",
                       .type = settings::Type::integer,
                       .description = "how many of the largest applications are told",
                       .value_name = "N",
                       .default_text = "10"});
    return options;
}

std::vector<std::string> redis_settings() {
    std::vector<std::string> names{"js.session-key-limit"};
    for (const auto& option : settings::catalogue()) {
        if (option.name.starts_with("cache.redis.") || option.name.starts_with("events.redis.")) {
            names.push_back(option.name);
        }
    }
    return key_space::with_redis_settings(std::move(names));
}

}  // namespace

cli::Command memory_command() {
    return {
        .name = "memory",
        .summary = "Tell what lies in Redis, how large it is, and which command frees it",
        .description =
            "Looks at every key once, reading only: end devices, sessions, MAC states, queues of today and "
            "of "
            "earlier releases, session keys, what belongs to nothing any more, locks, and keys that the "
            "stack "
            "does not know. The Redis of the caches and of the events are looked at too where they are "
            "others.\n\n"
            "Bytes are what the server says that a key takes, by its own estimate. With --sample only some "
            "keys are asked for.\n\n"
            "Keys and entries that a command frees are counted as its own plan counts them; \"at most\" "
            "stands where that cannot be known. Of what a cleanup frees only that is told which belongs to "
            "nothing, as the rest depends on the Identity Server.",
        .options = options(),
        .settings = redis_settings(),
        .examples = {{"memory", "look at all of it"},
                     {"memory --sample=20 --rate=20000/s", "look quickly, and without being noticed"},
                     {"memory --output json", "the same for a program"}},
        .run = look};
}

}  // namespace tti::memory
