#pragma once

#include <chrono>
#include <future>
#include <span>
#include <type_traits>
#include <vector>

#include "stack/databases.hpp"
#include "util/deadline_stop.hpp"

namespace tti::stack {

// Calls `work(database, stop)` for every database, each in a thread of its own with a time limit of its own,
// and returns what they return in the same order. Ends when all have; a server that does not even take a
// request to cancel holds it up for a few seconds more than `limit`. What is thrown is thrown again then.
template <typename Work>
auto side_by_side(std::span<const Database> databases, util::Stop& stop, std::chrono::milliseconds limit,
                  const Work& work) {
    using Result = std::invoke_result_t<Work, const Database&, util::DeadlineStop&>;
    std::vector<std::future<Result>> begun;
    begun.reserve(databases.size());
    for (const auto& database : databases) {
        begun.push_back(std::async(std::launch::async, [&database, &stop, &work, limit] {
            util::DeadlineStop limited(stop, limit);
            return work(database, limited);
        }));
    }
    std::vector<Result> results;
    results.reserve(begun.size());
    for (auto& one : begun) results.push_back(one.get());
    return results;
}

}  // namespace tti::stack
