#pragma once

#include <string>
#include <vector>

#include "cli/context.hpp"
#include "setup/deployment.hpp"

namespace tti::setup {

// What is in the Identity Server's database, and not described: it stays, and is told.
struct LeftOver {
    std::vector<std::string> tenants;
    std::vector<std::string> clients;  // "portal of all tenants"
    std::vector<std::string> admins;   // "bob of tenant acme"

    [[nodiscard]] std::vector<std::string> sentences() const;
};

// Of OAuth clients those that no user made: they need no consent and are endorsed. `shared` are further
// arguments for the commands that list.
LeftOver find_left_over(cli::Context& context, const Deployment& deployment,
                        const std::vector<std::string>& shared);

}  // namespace tti::setup
