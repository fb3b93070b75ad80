#include "backup/restore_marks.hpp"

#include <algorithm>

namespace tti::backup {

RestoreMarks::RestoreMarks(std::string archive_id, std::string tenant_id, const std::string& command_line,
                           bool whole)
    : archive_id_(std::move(archive_id)),
      tenant_id_(std::move(tenant_id)),
      command_(command_line.substr(command_line.find(' ') + 1)),
      whole_(whole) {}

database::RestoreMark RestoreMarks::mark(operation::Area area) const {
    return {.area = area, .archive_id = archive_id_, .tenant_id = tenant_id_, .command = command_};
}

bool RestoreMarks::has(postgres::Connection& connection, operation::Area area) const {
    return std::ranges::any_of(database::restore_marks(connection), [&](const auto& found) {
        return found.area == area && found.archive_id == archive_id_ && found.tenant_id == tenant_id_;
    });
}

bool RestoreMarks::was_filling(postgres::Connection& connection, operation::Area area,
                               const std::string& schema) const {
    return std::ranges::any_of(database::restore_marks(connection), [&](const auto& found) {
        return found.area == area && found.archive_id == archive_id_ && found.filling == schema;
    });
}

bool RestoreMarks::set(postgres::Connection& connection, operation::Area area) const {
    try {
        database::set_restore_mark(connection, mark(area));
        return true;
    } catch (const postgres::InsufficientPrivilege&) {
        return false;
    }
}

void RestoreMarks::fill(postgres::Connection& connection, operation::Area area,
                        const std::string& schema) const {
    database::set_filling(connection, mark(area), schema);
}

void RestoreMarks::remove(postgres::Connection& connection, operation::Area area) const {
    database::remove_restore_mark(connection, mark(area), whole_);
}

}  // namespace tti::backup
