#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "doctor/check.hpp"

namespace tti::doctor {

// What one check found at one place.
struct Look {
    std::string_view check;
    std::string place;   // for people: "Identity Server, stack@db:5432/ttn_lorawan"
    std::string server;  // findings of one server that are told of several of its databases are the same
    Findings findings;
};

struct Examination {
    std::vector<Look> looks;
    // Each finding once, the worst first, those of one check together.
    struct Told {
        std::string_view check;
        std::string place;
        Finding finding;
    };
    [[nodiscard]] std::vector<Told> findings() const;
};

// Lets the checks look at every database that the settings name. Each place is looked at in a thread of its
// own and for no longer than --timeout, so one that is slow or dead holds up no other; that it was is a
// finding. Throws InterruptedError.
Examination examine(cli::Context& context, std::span<const Check* const> chosen);

}  // namespace tti::doctor
