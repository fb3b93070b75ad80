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
    };
}

std::vector<Option> identity_server_options() {
    return {
        {.name = "is.database-uri",
         .type = Type::secret_text,
         .description = "database of the Identity Server",
         .value_name = "URI",
         .default_text = "postgresql://root:root@localhost:5432/ttn_lorawan_dev?sslmode=disable"},
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

std::vector<Option> tenancy_options() {
    return {
        {.name = "tenancy.default-id",
         .description = "tenant that is meant where none is named",
         .value_name = "ID",
         .default_text = "default"},
    };
}

std::vector<Option> all_options() {
    std::vector<Option> all;
    for (const auto& group :
         {program_options(), identity_server_options(), password_options(), tenancy_options()}) {
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
