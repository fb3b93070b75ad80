#pragma once

#include "cli/command.hpp"

namespace tti::device_claiming_server {

// The group dcs-db.
cli::Command commands();

cli::Command migrate_command();
cli::Command status_command();
cli::Command purge_command();

}  // namespace tti::device_claiming_server
