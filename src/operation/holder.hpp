#pragma once

#include <string>

#include "operation/journal.hpp"

namespace tti::operation {

// Who holds a run lock, as whoever waits for it is told.
struct Holder {
    Identity identity;
    std::string since;  // "2026-01-02 03:04:05 UTC"
    std::string step;   // empty: none has begun
    int percent = 0;
};
// "ada on host db1, process 4711, since …, "ns-db migrate", at step index, 40 %".
std::string describe(const Holder& holder);
// What whoever does not wait can do.
std::string hint_for(const Holder& holder);

}  // namespace tti::operation
