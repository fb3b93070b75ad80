#include "identity_server/command_parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/aws_of_run.hpp"
#include "settings/bad_value.hpp"

namespace tti::identity_server {

settings::Option tenant_option(std::string description) {
    return {.name = "tenant-id", .description = std::move(description), .value_name = "ID"};
}

std::vector<std::string> with_database_settings(std::vector<std::string> more) {
    std::vector<std::string> names{"is.database-uri", "tenancy.default-id"};
    names.insert(names.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    return names;
}

void require(const settings::Values& values, std::string_view option, std::string_view shown,
             const Check& check) {
    if (check) return;
    throw settings::bad_value(values, option, shown.empty() ? "" : settings::in_quotes(shown), check.error());
}

std::string tenant_argument(const settings::Values& values) {
    const auto tenant = given_text(values, "tenant-id");
    if (tenant) {
        require(values, "tenant-id", *tenant, check_tenant_id(*tenant));
    }
    return tenant.value_or("");
}

std::optional<std::string> given_text(const settings::Values& values, std::string_view option) {
    return values.given(option) ? std::optional(values.text(option)) : std::nullopt;
}

std::optional<bool> given_boolean(const settings::Values& values, std::string_view option) {
    return values.given(option) ? std::optional(values.boolean(option)) : std::nullopt;
}

std::optional<Secret> given_secret(cli::Context& context, const std::string& option) {
    const std::string reference = option + "-from";
    require_at_most_one(context.values, {option, reference});
    if (context.values.given(reference)) {
        return cli::read_secret(context, reference, context.values.text(reference));
    }
    return context.values.given(option) ? std::optional(context.values.secret(option)) : std::nullopt;
}

void require_at_most_one(const settings::Values& values, const std::vector<std::string>& options) {
    std::vector<std::string> found;
    for (const std::string& option : options) {
        if (values.given(option) && values.display(option, false) != "false") {
            found.push_back("--" + option);
        }
    }
    if (found.size() > 1) {
        throw UsageError(fmt::format("{} exclude each other", fmt::join(found, " and ")),
                         "Give one of them.");
    }
}

std::string describe(const Tenant& tenant) {
    return tenant.id.empty() ? "the default tenant" : fmt::format("tenant {}", tenant.id);
}

}  // namespace tti::identity_server
