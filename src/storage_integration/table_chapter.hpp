#pragma once

#include "database/table_reference.hpp"

namespace tti::storage_integration {

database::TableChapter table_chapter();

}  // namespace tti::storage_integration
