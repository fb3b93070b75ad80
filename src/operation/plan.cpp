#include "operation/plan.hpp"

#include <fmt/format.h>

#include "util/sha256.hpp"

namespace tti::operation {

std::string_view describe(Lock lock) {
    switch (lock) {
        case Lock::none:
            return "none";
        case Lock::rows:
            return "rows";
        case Lock::writes:
            return "table writes";
        case Lock::table:
            return "whole table";
    }
    return "unknown";
}

std::string Plan::hash() const {
    util::Sha256 sha;
    // Every text ends with a byte that no text holds, so that "a" + "bc" and "ab" + "c" differ.
    const auto feed = [&sha](std::string_view text) {
        sha.update(text);
        sha.update(std::string_view("\0", 1));
    };
    feed(title);
    for (const auto& step : steps) {
        feed(step.database);
        feed(step.group);
        feed(step.name);
        feed(step.what);
        feed(step.why);
        feed(describe(step.touches));
        feed(describe(step.lock));
        feed(step.destroys ? "destroys" : "keeps");
        feed(step.undo);
    }
    for (const auto& text : notes) feed(text);
    for (const auto& text : refusals) feed(text);
    feed(confirmation);
    return sha.hex();
}

}  // namespace tti::operation
