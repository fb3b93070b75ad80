#include "settings/catalogue.hpp"

namespace tti::settings {
namespace {

std::vector<Option> program_options() {
    return {
        {.name = "config",
         .type = Type::list,
         .description = "configuration files (YAML); the first that has an option wins",
         .value_name = "PATH",
         .short_name = 'c'},
        {.name = "log.level",
         .description = "least level of the log lines on standard error",
         .value_name = "LEVEL",
         .default_text = "info",
         .choices = {"debug", "info", "warn", "error", "fatal"}},
        {.name = "log.format",
         .description = "form of the log lines on standard error",
         .value_name = "FORMAT",
         .default_text = "console",
         .choices = {"console", "json"}},
        {.name = "output",
         .description = "form of the output: for people, or one JSON object per event",
         .value_name = "FORMAT",
         .default_text = "text",
         .choices = {"text", "json"}},
        {.name = "output-format",
         .description = "form of a printed API key: json, or a Go template such as {{.Key}}",
         .value_name = "FORMAT",
         .default_text = "json"},
        // Of the stack's command line, so that it can stay there.
        {.name = "skip-version-check",
         .type = Type::boolean,
         .description = "look for no newer version; this program never does",
         .default_text = "false",
         .hidden = true},
    };
}

std::vector<Option> identity_server_options() {
    return {
        {.name = "is.database-uri",
         .type = Type::secret_text,
         .description = "database of the Identity Server",
         .value_name = "URI",
         .default_text = "postgresql://root:root@localhost:5432/ttn_lorawan_dev?sslmode=disable"},
        {.name = "is.database-max-open-conns",
         .type = Type::integer,
         .description = "connections that an Identity Server opens at most",
         .value_name = "NUMBER",
         .default_text = "20"},
        {.name = "is.network.tenant-id",
         .description = "tenant that the network names as its own",
         .value_name = "ID"},
        {.name = "is.oauth.ui.canonical-url",
         .description = "address of the Identity Server's own page",
         .value_name = "URL"},
        {.name = "is.delete.restore",
         .type = Type::duration,
         .description = "how long a deleted entity can be restored; cleanup removes it afterwards",
         .value_name = "DURATION",
         .default_text = "24h0m0s"},
        {.name = "is.dev-eui-block.prefix",
         .description = "block of EUIs that device EUIs are issued from",
         .value_name = "PREFIX",
         .default_text = "0000000000000000/0"},
        {.name = "is.dev-eui-block.init-counter",
         .type = Type::integer,
         .description = "number of the first device EUI to issue from the block",
         .value_name = "NUMBER",
         .default_text = "0"},
    };
}

std::vector<Option> storage_options() {
    return {
        {.name = "as.packages.storage.postgres.database-uri",
         .type = Type::secret_text,
         .description = "database of stored messages; that of the Identity Server when left out",
         .value_name = "URI"},
        {.name = "as.packages.storage.postgres.read-database-uri",
         .type = Type::secret_text,
         .description = "replica of it that messages are read from",
         .value_name = "URI"},
    };
}

std::vector<Option> network_operations_center_options() {
    return {
        {.name = "noc.store.database-uri",
         .type = Type::secret_text,
         .description =
             "database of the Network Operations Center; that of the Identity Server when left out",
         .value_name = "URI"},
        {.name = "noc.store.read-database-uri",
         .type = Type::secret_text,
         .description = "replica of it that figures are read from",
         .value_name = "URI"},
        {.name = "noc.store.max-open-connections",
         .type = Type::integer,
         .description = "connections that a Network Operations Center opens at most",
         .value_name = "NUMBER",
         .default_text = "10"},
        {.name = "noc.store.raw-data-retention",
         .type = Type::duration,
         .description = "for how long events are kept before only their aggregates are; 72h at least",
         .value_name = "DURATION",
         .default_text = "72h"},
        {.name = "noc.store.pagination.default-limit",
         .type = Type::integer,
         .description = "how long a page of an answer is where no limit is given",
         .value_name = "NUMBER",
         .default_text = "1000"},
    };
}

std::vector<Option> password_options() {
    return {
        {.name = "is.user-registration.password-requirements.min-length",
         .type = Type::integer,
         .description = "least length of a password in bytes",
         .value_name = "NUMBER",
         .default_text = "8"},
        {.name = "is.user-registration.password-requirements.max-length",
         .type = Type::integer,
         .description = "greatest length of a password in bytes",
         .value_name = "NUMBER",
         .default_text = "1000"},
        {.name = "is.user-registration.password-requirements.min-uppercase",
         .type = Type::integer,
         .description = "least number of upper case letters in a password",
         .value_name = "NUMBER",
         .default_text = "1"},
        {.name = "is.user-registration.password-requirements.min-digits",
         .type = Type::integer,
         .description = "least number of digits in a password",
         .value_name = "NUMBER",
         .default_text = "1"},
        {.name = "is.user-registration.password-requirements.min-special",
         .type = Type::integer,
         .description = "least number of characters in a password that are neither letter nor digit",
         .value_name = "NUMBER",
         .default_text = "0"},
        {.name = "is.user-registration.password-requirements.reject-user-id",
         .type = Type::boolean,
         .description = "refuse a password that contains the user ID",
         .default_text = "true"},
        {.name = "is.user-registration.password-requirements.reject-common",
         .type = Type::boolean,
         .description = "refuse a password that is among the common ones",
         .default_text = "false"},
    };
}

// The options of one connection to Redis: "redis", "cache.redis" or "events.redis".
std::vector<Option> redis_options(const std::string& group, const std::string& what) {
    return {
        {.name = group + ".address",
         .description = "host and port of " + what + ", or a unix socket that starts with a slash",
         .value_name = "HOST:PORT",
         .default_text = "localhost:6379"},
        {.name = group + ".username", .description = "user at " + what, .value_name = "NAME"},
        {.name = group + ".password",
         .type = Type::secret_text,
         .description = "password at " + what,
         .value_name = "PASSWORD"},
        {.name = group + ".database",
         .type = Type::integer,
         .description = "number of the database of " + what,
         .value_name = "NUMBER",
         .default_text = "0"},
        {.name = group + ".namespace",
         .type = Type::list,
         .description = "parts that every key begins with",
         .value_name = "PART",
         .default_text = "ttn,v3"},
        {.name = group + ".failover.enable",
         .type = Type::boolean,
         .description = "ask Sentinels for the primary",
         .default_text = "false"},
        {.name = group + ".failover.addresses",
         .type = Type::list,
         .description = "addresses of the Sentinels",
         .value_name = "HOST:PORT"},
        {.name = group + ".failover.master-name",
         .description = "name that the Sentinels know the primary by",
         .value_name = "NAME"},
        {.name = group + ".failover.username", .description = "user at the Sentinels", .value_name = "NAME"},
        {.name = group + ".failover.password",
         .type = Type::secret_text,
         .description = "password at the Sentinels",
         .value_name = "PASSWORD"},
        {.name = group + ".tls.require",
         .type = Type::boolean,
         .description = "use TLS, to the Sentinels too",
         .default_text = "false"},
        {.name = group + ".tls.root-ca",
         .description = "PEM file of authorities to trust besides the system's",
         .value_name = "FILE"},
        {.name = group + ".tls.insecure-skip-verify",
         .type = Type::boolean,
         .description = "take any certificate",
         .default_text = "false"},
        {.name = group + ".tls.certificate",
         .description = "PEM file of a client certificate",
         .value_name = "FILE"},
        {.name = group + ".tls.key", .description = "PEM file of its key", .value_name = "FILE"},
        {.name = group + ".tls.server-name",
         .description = "name that the server's certificate must have; the host of the address when left out",
         .value_name = "NAME"},
        // Of the servers' pools of connections; here they only tell whether the group is at its defaults.
        {.name = group + ".pool-size",
         .type = Type::integer,
         .description = "connections of a server of the stack",
         .value_name = "NUMBER",
         .default_text = "0",
         .hidden = true},
        {.name = group + ".idle-timeout",
         .type = Type::duration,
         .description = "how long a server of the stack keeps an idle connection",
         .value_name = "DURATION",
         .default_text = "0s",
         .hidden = true,
         .unit_optional = true},
        {.name = group + ".conn-max-lifetime",
         .type = Type::duration,
         .description = "how long a server of the stack keeps a connection",
         .value_name = "DURATION",
         .default_text = "0s",
         .hidden = true,
         .unit_optional = true},
    };
}

// A page that logs in by OAuth: "console" or "noc".
std::vector<Option> page_options(const std::string& group, const std::string& what) {
    return {
        {.name = group + ".oauth.client-id",
         .description = "ID of the OAuth client of " + what,
         .value_name = "ID",
         .default_text = group},
        {.name = group + ".oauth.client-secret",
         .type = Type::secret_text,
         .description = "secret of the OAuth client of " + what,
         .value_name = "SECRET"},
        {.name = group + ".ui.canonical-url",
         .description = "address of the page of " + what,
         .value_name = "URL"},
    };
}

std::vector<Option> server_options() {
    return {
        {.name = "js.session-key-limit",
         .type = Type::integer,
         .description = "session keys that are kept of an end device; 0 keeps them all",
         .value_name = "NUMBER",
         .default_text = "10"},
        {.name = "as.webhooks.target",
         .description = "how webhooks are sent; empty where there are none",
         .value_name = "TARGET",
         .default_text = "direct"},
        {.name = "cluster.identity-server",
         .description = "address of the Identity Server, which is asked where is.database-uri is not set",
         .value_name = "HOST:PORT"},
        {.name = "cluster.keys",
         .type = Type::secret_list,
         .description = "keys of the cluster in hex, the first of which signs",
         .value_name = "KEY"},
        {.name = "cluster.name", .description = "name of this process in the cluster", .value_name = "NAME"},
        {.name = "cluster.tls",
         .type = Type::boolean,
         .description = "use TLS between the servers of the cluster",
         .default_text = "false"},
        {.name = "cluster.tls-server-name",
         .description = "name that the servers' certificates must have",
         .value_name = "NAME"},
        {.name = "tls.root-ca",
         .description = "PEM file of authorities to trust in the cluster",
         .value_name = "FILE"},
        {.name = "tls.insecure-skip-verify",
         .type = Type::boolean,
         .description = "take any certificate in the cluster",
         .default_text = "false"},
    };
}

std::vector<Option> tenancy_options() {
    return {
        {.name = "tenancy.default-id",
         .description = "tenant that is meant where none is named",
         .value_name = "ID",
         .default_text = "default"},
        {.name = "tenancy.base-domains",
         .type = Type::list,
         .description = "domains whose subdomains are tenants",
         .value_name = "DOMAIN"},
    };
}

std::vector<Option> all_options() {
    std::vector<Option> all;
    for (const auto& group :
         {program_options(), identity_server_options(), password_options(), storage_options(),
          network_operations_center_options(), tenancy_options(), server_options(),
          page_options("console", "the Console"), page_options("noc", "the Network Operations Center"),
          redis_options("redis", "Redis"), redis_options("cache.redis", "the Redis of the caches"),
          redis_options("events.redis", "the Redis of the events")}) {
        all.insert(all.end(), group.begin(), group.end());
    }
    return all;
}

}  // namespace

const std::vector<Option>& catalogue() {
    static const std::vector<Option> options = all_options();
    return options;
}

}  // namespace tti::settings
