#include "setup/fields.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace tti::setup {
namespace {

using settings::Option;
using settings::Type;

constexpr std::string_view example_head =
    "# A deployment of The Things Stack, for: tti-lw-stack setup FILE\n"
    "# Keep it in version control: it holds no secret, only where each one is (env:NAME, file:PATH,\n"
    "# secretsmanager:NAME#FIELD or ssm:NAME). Give the command again after a change; it shows what that\n"
    "# would do.\n";

std::vector<Field> client_fields(const std::string& group, const std::string& words) {
    return {{{.name = group + ".client-id",
              .description = "ID of the OAuth client of " + words + "; " + group +
                             "-CLUSTER when left out, or " + group + " without a cluster",
              .value_name = "ID"}},
            {{.name = group + ".client-name",
              .description = "name of that client, which users see",
              .value_name = "NAME"}},
            {{.name = group + ".secret-from",
              .description = "where the secret of that client is; NETWORK-ENVIRONMENT-CLUSTER-" + group +
                             "-oauth-client in Secrets Manager when left out",
              .value_name = "REFERENCE"},
             fmt::format("file:/run/secrets/{}-client-secret", group)}};
}

std::vector<Field> place_fields() {
    return {{{.name = "domain",
              .description = "host name of this cluster, as users open it",
              .value_name = "HOST"},
             "eu1.example.com"},
            {{.name = "identity-server-domain",
              .description =
                  "host name of the Identity Server; where it differs from domain, this is a secondary "
                  "cluster",
              .value_name = "HOST"}},
            {{.name = "network", .description = "name of the network", .value_name = "NAME"}, "example"},
            {{.name = "environment",
              .description = "which deployment of the network, such as prod or staging",
              .value_name = "NAME"},
             "prod"},
            {{.name = "cluster", .description = "name of this cluster, such as eu1", .value_name = "NAME"},
             "eu1"},
            {{.name = "tenancy.mode",
              .description = "one tenant, or several whose OAuth clients are common to all",
              .value_name = "MODE",
              .choices = {"single", "multi"}},
             "multi"},
            {{.name = "tenancy.default-id",
              .description = "ID of the default tenant; the setting tenancy.default-id when left out",
              .value_name = "ID"}}};
}

std::vector<Field> storage_fields() {
    return {{{.name = "storage.included",
              .type = Type::boolean,
              .description = "whether this cluster stores messages (Storage Integration)",
              .default_text = "false"},
             "true"},
            {{.name = "storage.chunk-interval",
              .description = "how much time a chunk of stored messages holds",
              .value_name = "DURATION"},
             "12h"},
            {{.name = "storage.retention-days",
              .type = Type::integer,
              .description = "for how many days messages are kept; as it is when left out, at first for ever",
              .value_name = "DAYS"},
             "31"}};
}

std::vector<Field> noc_fields() {
    return {{{.name = "noc.included",
              .type = Type::boolean,
              .description = "whether there is a Network Operations Center",
              .default_text = "false"},
             "true"},
            {{.name = "noc.raw-retention",
              .description = "for how long its events are kept, 72h at least; the setting "
                             "noc.store.raw-data-retention when left out",
              .value_name = "DURATION"}}};
}

std::vector<Field> console_fields() {
    return {{{.name = "console.included",
              .type = Type::boolean,
              .description = "whether this cluster has a Console",
              .default_text = "true"}}};
}

std::vector<Field> all_fields() {
    std::vector<Field> all;
    for (auto part : {place_fields(), storage_fields(), noc_fields(),
                      client_fields("noc", "the Network Operations Center"), console_fields(),
                      client_fields("console", "the Console")}) {
        std::ranges::move(part, std::back_inserter(all));
    }
    return all;
}

std::vector<ListField> all_list_fields() {
    return {{{.name = "tenants",
              .type = Type::list,
              .description = "the tenants of a multi-tenant deployment, or the name of the only one",
              .value_name = "id=ID,name=NAME"},
             {{{.name = "id", .description = "ID of the tenant, which can never be changed"}},
              {{.name = "name", .description = "name of the tenant"}}},
             {{"acme", "Acme"}}},
            {{.name = "admin-users",
              .type = Type::list,
              .description = "users who are admins; a user who is there keeps the password",
              .value_name = "id=ID,tenant-id=ID,email=ADDRESS,password-from=REFERENCE"},
             {{{.name = "id",
                .description = "ID of the user; the Network Operations Center refuses the ID admin"}},
              {{.name = "tenant-id", .description = "tenant of the user; left out with a single one"}},
              {{.name = "email", .description = "e-mail address of the user, taken as validated"}},
              {{.name = "name", .description = "name of the user"}},
              {{.name = "password-from", .description = "where the password of a new user is"}}},
             {{"alice", "acme", "alice@example.com", "Alice", "file:/run/secrets/alice-password"}}}};
}

// The groups that a dotted key is in, with its point: "console." of "console.client-id".
std::string group_of(const std::string& name) {
    const auto point = name.find('.');
    return point == std::string::npos ? "" : name.substr(0, point + 1);
}

std::string key_line(const Field& field, const std::string& group, std::string_view indent) {
    const auto& option = field.option;
    const bool left_out = field.example.empty();
    const auto value = !left_out                      ? field.example
                       : !option.default_text.empty() ? option.default_text
                                                      : option.value_name;
    return fmt::format("{}# {}\n{}{}{}: {}\n", indent, option.description, indent, left_out ? "#" : "",
                       option.name.substr(group.size()), value);
}

std::string list_text(const ListField& list) {
    auto text = fmt::format("\n# {}\n{}:\n", list.option.description, list.option.name);
    for (const auto& values : list.examples) {
        for (std::size_t item = 0; item < list.items.size(); ++item) {
            const auto& option = list.items.at(item).option;
            text += fmt::format("    # {}\n  {} {}: {}\n", option.description, item == 0 ? "-" : " ",
                                option.name, values.at(item));
        }
    }
    return text;
}

}  // namespace

std::span<const Field> fields() {
    static const std::vector<Field> all = all_fields();
    return all;
}

std::span<const ListField> list_fields() {
    static const std::vector<ListField> all = all_list_fields();
    return all;
}

std::vector<Option> flags() {
    std::vector<Option> options;
    for (const auto& field : fields()) {
        if (field.option.name != "tenancy.default-id") options.push_back(field.option);
    }
    for (const auto& list : list_fields()) options.push_back(list.option);
    return options;
}

std::string example() {
    std::string text(example_head);
    std::string group;
    for (const auto& field : fields()) {
        const auto own = group_of(field.option.name);
        if (own != group && !own.empty()) text += fmt::format("\n{}:\n", own.substr(0, own.size() - 1));
        if (own.empty()) text += '\n';
        group = own;
        text += key_line(field, group, group.empty() ? "" : "  ");
    }
    for (const auto& list : list_fields()) text += list_text(list);
    return text;
}

}  // namespace tti::setup
