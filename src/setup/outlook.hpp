#pragma once

#include <set>
#include <string>
#include <vector>

#include "cli/context.hpp"
#include "operation/plan.hpp"
#include "setup/actions.hpp"

namespace tti::setup {

// What an action would change now, found by a dry run of its own command.
struct Outlook {
    std::vector<operation::Plan> plans;  // those that have steps
    // The command that changes just that. A secret that is stored stays, unless its replacement was agreed
    // to.
    std::vector<std::string> arguments;
    std::string secret_note;  // the stored secret is not the one of the reference, and stays; empty: it is
    bool secret_differs = false;  // the same for an OAuth client, whose application then cannot log in

    [[nodiscard]] bool nothing_to_do() const { return plans.empty(); }
    [[nodiscard]] std::vector<std::string> confirmations() const;
    [[nodiscard]] bool makes(std::string_view step) const;  // has a step of that name
    // How a tenant, client or user that is there would change: "update user alice (these differ: name)";
    // empty: all of it is new.
    [[nodiscard]] std::string updates() const;
};

// Looks by running commands. Throws what they throw, with the command's name before the message.
class Lookout {
  public:
    // `replace` are the IDs of the OAuth clients whose stored secrets may be replaced; `shared` are arguments
    // that every command of is-db gets.
    Lookout(cli::Context& context, std::set<std::string> replace, std::vector<std::string> shared)
        : context_(context), replace_(std::move(replace)), shared_(std::move(shared)) {}

    Outlook look(const Action& action);
    // For an action whose tables are not there yet: that its secret can be read and would be accepted.
    void require_secret(const Action& action);
    // Runs the command, told to `reporter`.
    void run(const Action& action, std::vector<std::string> arguments, operation::Reporter& reporter);

  private:
    Outlook look_at_client(const Action& action);
    Outlook look_at_admin(const Action& action);
    std::vector<operation::Plan> dry_run(const Action& action, std::vector<std::string> arguments);

    cli::Context& context_;
    std::set<std::string> replace_;
    std::vector<std::string> shared_;
};

}  // namespace tti::setup
