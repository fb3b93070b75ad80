#pragma once

#include <string>

#include "postgres/uri.hpp"
#include "settings/values.hpp"

namespace tti::database {

// The PostgreSQL address in that setting. Throws UsageError with the setting and its source.
postgres::Uri address(const settings::Values& values, const std::string& setting);

}  // namespace tti::database
