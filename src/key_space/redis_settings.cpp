#include <algorithm>

#include <fmt/format.h>

#include "key_space/session.hpp"
#include "redis/address.hpp"
#include "settings/bad_value.hpp"
#include "settings/catalogue.hpp"

namespace tti::key_space {
namespace {

using settings::Values;

// One of the three connections: "redis", "cache.redis" or "events.redis".
class Group {
  public:
    Group(const Values& values, std::string name) : values_(values), name_(std::move(name)) {}

    [[nodiscard]] std::string option(std::string_view rest) const {
        return fmt::format("{}.{}", name_, rest);
    }
    [[nodiscard]] const std::string& text(std::string_view rest) const { return values_.text(option(rest)); }
    [[nodiscard]] const Secret& secret(std::string_view rest) const { return values_.secret(option(rest)); }
    [[nodiscard]] bool boolean(std::string_view rest) const { return values_.boolean(option(rest)); }
    [[nodiscard]] std::int64_t integer(std::string_view rest) const { return values_.integer(option(rest)); }
    [[nodiscard]] const std::vector<std::string>& list(std::string_view rest) const {
        return values_.list(option(rest));
    }

    [[nodiscard]] bool at_defaults() const {
        return std::ranges::all_of(settings::catalogue(), [this](const settings::Option& one) {
            return !one.name.starts_with(name_ + ".") || values_.display(one.name, true) == one.default_text;
        });
    }

    [[noreturn]] void refuse(std::string_view rest, const std::string& shown, const std::string& why,
                             std::string hint = settings::correct_it) const {
        throw settings::bad_value(values_, option(rest), settings::in_quotes(shown), why, std::move(hint));
    }

  private:
    const Values& values_;
    std::string name_;
};

void require_address(const Group& group, std::string_view option, const std::string& address) {
    if (const auto parsed = redis::parse_address(address); !parsed) {
        group.refuse(option, address, parsed.error());
    }
}

redis::Tls tls(const Group& group) {
    redis::Tls tls{.require = group.boolean("tls.require"),
                   .root_ca = group.text("tls.root-ca"),
                   .insecure_skip_verify = group.boolean("tls.insecure-skip-verify"),
                   .certificate = group.text("tls.certificate"),
                   .key = group.text("tls.key"),
                   .server_name = group.text("tls.server-name")};
    if (tls.certificate.empty() != tls.key.empty()) {
        const std::string_view given = tls.key.empty() ? "tls.certificate" : "tls.key";
        group.refuse(given, group.text(given), "a client certificate needs both its file and its key's",
                     fmt::format("Set {} and {}.", group.option("tls.certificate"), group.option("tls.key")));
    }
    return tls;
}

redis::Failover failover(const Group& group) {
    redis::Failover failover{.addresses = group.list("failover.addresses"),
                             .master_name = group.text("failover.master-name"),
                             .user_name = group.text("failover.username"),
                             .password = group.secret("failover.password")};
    const bool nobody = failover.addresses.empty();
    if (nobody || failover.master_name.empty()) {
        group.refuse(
            "failover.enable", "true",
            fmt::format("it needs {}", group.option(nobody ? "failover.addresses" : "failover.master-name")),
            fmt::format("Set {} and {}, or {} to false.", group.option("failover.addresses"),
                        group.option("failover.master-name"), group.option("failover.enable")));
    }
    for (const auto& address : failover.addresses) require_address(group, "failover.addresses", address);
    return failover;
}

redis::Target target(const Group& group) {
    constexpr std::int64_t most_databases = 1'000'000;
    const auto database = group.integer("database");
    if (database < 0 || database > most_databases) {
        group.refuse("database", std::to_string(database), "accepted: 0 or more");
    }
    redis::Target target{.address = group.text("address"),
                         .user_name = group.text("username"),
                         .password = group.secret("password"),
                         .database = static_cast<int>(database),
                         .tls = tls(group),
                         .failover = {}};
    if (group.boolean("failover.enable")) {
        target.failover = failover(group);
    } else {
        require_address(group, "address", target.address);
    }
    return target;
}

}  // namespace

std::string settings_group(const Values& values, std::string_view name) {
    const Group own(values, std::string(name));
    const bool general_is_set = !Group(values, "redis").at_defaults();
    const bool empty = own.text("address").empty() && !own.boolean("failover.enable");
    return empty || (general_is_set && own.at_defaults()) ? "redis" : std::string(name);
}

redis::Target general_target(const Values& values) {
    return target(Group(values, "redis"));
}

redis::Target cache_target(const Values& values) {
    return target(Group(values, settings_group(values, "cache.redis")));
}

redis::Target events_target(const Values& values) {
    return target(Group(values, settings_group(values, "events.redis")));
}

std::vector<std::string> with_redis_settings(std::vector<std::string> more) {
    std::vector<std::string> names{"tenancy.default-id"};
    for (const auto& option : settings::catalogue()) {
        if (option.name.starts_with("redis.")) names.push_back(option.name);
    }
    names.insert(names.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    return names;
}

}  // namespace tti::key_space
