#pragma once

#include "database/table_reference.hpp"

namespace tti::network_operations_center {

database::TableChapter table_chapter();

}  // namespace tti::network_operations_center
