#include "doctor/check.hpp"
#include "network_operations_center/health.hpp"
#include "network_operations_center/migrations.hpp"
#include "storage_integration/health.hpp"
#include "util/error.hpp"

namespace tti::doctor {
namespace {

Mend mend_of(const std::string& next_command, const std::string& group) {
    if (next_command.empty()) return setting("Read tti-lw-stack " + group + " status.");
    return command("tti-lw-stack " + next_command);
}

Findings findings_of(const std::vector<std::string>& troubles, const std::string& schema,
                     const std::string& next_command, const std::string& group) {
    Findings found;
    for (const auto& trouble : troubles) {
        found.push_back({Severity::warning, trouble, "schema " + schema, mend_of(next_command, group)});
    }
    return found;
}

// What is due is told by status.
Findings due(const Error& error, const std::string& group) {
    return {{Severity::note, "How the tables are kept was not looked at.", error.what(),
             command("tti-lw-stack " + group + " status", "It tells what is due.")}};
}

}  // namespace

Findings check_storage_retention(storage_integration::Session& session) {
    try {
        const auto keeper = storage_integration::require_tables(session);
        const auto health = storage_integration::health(session, *keeper);
        return findings_of(health.troubles, session.schema(), health.next_command, "storage-db");
    } catch (const DueError& error) {
        return due(error, "storage-db");
    }
}

Findings check_noc_retention(network_operations_center::Session& session) {
    try {
        network_operations_center::Tables tables(session, network_operations_center::require_tables(session));
        const auto health = network_operations_center::health(session, tables);
        return findings_of(health.troubles, session.schema(), health.next_command, "noc-db");
    } catch (const DueError& error) {
        return due(error, "noc-db");
    }
}

}  // namespace tti::doctor
