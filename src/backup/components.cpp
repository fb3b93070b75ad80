#include "backup/components.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cli/aws_of_run.hpp"
#include "database/address.hpp"
#include "key_space/session.hpp"
#include "network_operations_center/session.hpp"
#include "settings/bad_value.hpp"
#include "settings/secret_reference.hpp"
#include "storage_integration/session.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::backup {
namespace {

constexpr std::array<std::string_view, 4> names{"is", "storage", "noc", redis_component};

Component timeseries_component(const settings::Values& values, operation::Area area,
                               const std::string& own_setting, database::TimeseriesAddress address) {
    return {std::string(operation::describe(area)),
            area,
            std::move(address.setting),
            std::move(address.uri),
            std::move(address.schema),
            values.given(own_setting)};
}

}  // namespace

std::vector<Component> components(const settings::Values& values,
                                  const std::set<std::string, std::less<>>& without) {
    using operation::Area;
    const std::string setting = "is.database-uri";
    std::vector<Component> all;
    if (!without.contains("is")) {
        all.push_back({std::string(operation::describe(Area::identity_server)),
                       Area::identity_server,
                       setting,
                       database::address(values, setting),
                       {}});
    }
    if (!without.contains("storage")) {
        all.push_back(timeseries_component(values, Area::storage_integration,
                                           "as.packages.storage.postgres.database-uri",
                                           storage_integration::database_address(values)));
    }
    if (!without.contains("noc")) {
        all.push_back(timeseries_component(values, Area::network_operations_center, "noc.store.database-uri",
                                           network_operations_center::database_address(values)));
    }
    return all;
}

const Component& identity_server_of(const std::vector<Component>& all) {
    return *std::ranges::find(all, operation::Area::identity_server, &Component::area);
}

std::vector<settings::Option> archive_options() {
    return {{.name = "key-from",
             .description = std::string("where the secret is that encrypts the archive: ") +
                            settings::secret_reference_forms,
             .value_name = "REFERENCE"},
            {.name = "without",
             .type = settings::Type::list,
             .description = "leave out the database of the Identity Server (is), stored messages (storage), "
                            "the Network Operations Center (noc) or redis",
             .value_name = "NAME"},
            {.name = "postgres-programs",
             .description = "folder of pg_dump and pg_restore; those that fit are looked for when left out",
             .value_name = "DIR"}};
}

std::vector<std::string> archive_settings() {
    auto settings = key_space::with_redis_settings({"is.database-uri"});
    for (auto more :
         {storage_integration::database_settings(), network_operations_center::database_settings()}) {
        for (auto& name : more) {
            if (std::ranges::find(settings, name) == settings.end()) settings.push_back(std::move(name));
        }
    }
    return settings;
}

std::set<std::string, std::less<>> left_out(const settings::Values& values) {
    std::set<std::string, std::less<>> chosen;
    for (const auto& name : values.list("without")) {
        if (std::ranges::find(names, name) == names.end()) {
            throw UsageError(
                fmt::format("option --without = \"{}\": accepted: is, storage, noc, redis", name),
                settings::correct_it);
        }
        chosen.insert(name);
    }
    return chosen;
}

std::optional<Secret> given_key(const cli::Context& context) {
    if (!context.values.given("key-from")) return {};
    return cli::read_secret(context, "key-from", context.values.text("key-from"));
}

}  // namespace tti::backup
