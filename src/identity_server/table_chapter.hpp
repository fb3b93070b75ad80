#pragma once

#include "database/table_reference.hpp"

namespace tti::identity_server {

// The stack's tables and views as the newest migration leaves them.
database::TableChapter table_chapter();

// Schema tti: tenants, and clients that are valid for all of them.
database::TableChapter register_chapter();

}  // namespace tti::identity_server
