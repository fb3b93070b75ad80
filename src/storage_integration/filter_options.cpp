#include "storage_integration/filter_options.hpp"

#include <fmt/format.h>

#include "storage_integration/message.hpp"
#include "util/error.hpp"

namespace tti::storage_integration {

std::vector<settings::Option> filter_options() {
    using settings::Type;
    return {{.name = "application-id",
             .description = "messages of this application",
             .value_name = "ID",
             .required = true},
            {.name = "device-id", .description = "only those of this end device", .value_name = "ID"},
            {.name = "tenant-id",
             .description = "tenant of the application; the default one when left out",
             .value_name = "ID"},
            {.name = "type",
             .description = "only those of this type",
             .value_name = "TYPE",
             .choices = {message_types.begin(), message_types.end()}},
            {.name = "f-port",
             .type = Type::integer,
             .description = "only those on this FPort",
             .value_name = "PORT"},
            {.name = "after",
             .type = Type::time,
             .description = "only those received from then on",
             .value_name = "TIME"},
            {.name = "before",
             .type = Type::time,
             .description = "only those received before",
             .value_name = "TIME"},
            {.name = "last",
             .type = Type::duration,
             .description = "only those of the time until now; instead of --after and --before",
             .value_name = "DURATION"}};
}

Filter filter(const settings::Values& values, timeseries::Time now) {
    Filter result{.tenant_id = values.text("tenant-id"),
                  .application_id = values.text("application-id"),
                  .device_id = values.text("device-id"),
                  .type = values.text("type"),
                  .after = values.time("after"),
                  .before = values.time("before")};
    if (values.given("f-port")) {
        const auto port = values.integer("f-port");
        if (port < 0 || port > 255)
            throw UsageError(fmt::format("option --f-port = \"{}\": accepted: 0 to 255", port));
        result.f_port = static_cast<int>(port);
    }
    if (!values.given("last")) return result;
    if (result.after || result.before) {
        throw UsageError("option --last contradicts --after and --before", "Leave one of them out.");
    }
    result.after = now - std::chrono::duration_cast<timeseries::Span>(values.duration("last"));
    return result;
}

}  // namespace tti::storage_integration
