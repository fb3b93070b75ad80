#include "redis/target.hpp"

#include <fmt/format.h>

namespace tti::redis {

std::string Target::display() const {
    const auto where = failover ? "primary of " + failover->master_name : address;
    return database == 0 ? where : fmt::format("{} database {}", where, database);
}

}  // namespace tti::redis
