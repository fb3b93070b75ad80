#pragma once

#include "network_operations_center/queries.hpp"

namespace tti::network_operations_center {

// What the pages of an answer are counted in.
enum class Paged {
    rows,     // of entities or events
    buckets,  // of time, each with all its rows
    not_at_all,
};
Paged paged(const Query& query);

// One page of an answer: `limit` of what it is counted in, from `page` on.
postgres::Statement page_statement(const Query& query, const Arguments& arguments);
// How many all pages have: what the service tells as x-total-count. One row with one number.
postgres::Statement total_statement(const Query& query, const Arguments& arguments);

}  // namespace tti::network_operations_center
