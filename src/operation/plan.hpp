#pragma once

#include <functional>
#include <string>
#include <vector>

#include "operation/amount.hpp"

namespace tti::operation {

// The strongest lock that a step takes, in what it means to a running stack.
enum class Lock {
    none,    // reads only
    rows,    // the rows it writes
    writes,  // a table's writes wait
    table,   // a table's reads and writes wait (ACCESS EXCLUSIVE)
};
std::string_view describe(Lock lock);

class StepContext;

// One unit that is run, counted and reported. `run` returns when its work is durable; when it throws, the
// step is not done and must be repeatable.
struct Step {
    std::string name;  // "20220701140000_update_email_index"
    std::string what;  // "rebuild the unique index on e-mail addresses"
    std::string why;   // "not applied yet"
    Amounts touches;
    Lock lock = Lock::none;
    bool destroys = false;  // something is lost that no later step can bring back
    std::string undo;       // how it is undone; empty: it cannot be
    std::string
        group;  // steps of one group depend on each other; a failure in one leaves the others (tenants)
    std::string database = {};  // whose commands do it, in a plan over several databases: "is-db"
    std::function<void(StepContext&)> run;
};

struct Plan {
    std::string title;                  // "migrate the Identity Server database"
    std::vector<Step> steps;            // in order; empty: nothing to do
    std::vector<std::string> notes;     // what the operator should know
    std::vector<std::string> refusals;  // why it must not run, each with what to do about it; empty: it may
    std::string refusal_hint;
    // Set when the operator has to agree (or say --yes) before anything runs: what will be lost, in one
    // sentence.
    std::string confirmation;
    bool shows_hash = false;  // the command takes the hash back, so people are to see it

    // SHA-256 in hex over everything that was shown, so that the same hash means the same plan.
    [[nodiscard]] std::string hash() const;
};

}  // namespace tti::operation
