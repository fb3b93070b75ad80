#include "doctor/check_reference.hpp"

#include <fmt/format.h>

#include "doctor/check.hpp"

namespace tti::doctor {

cli::ReferencePage checks_page() {
    return {"checks", "every check of doctor", [](const cli::Command& /*program*/) {
                std::string text =
                    "# Checks of doctor\n\n| Check | Looks at | Why | Needs |\n|---|---|---|---|\n";
                for (const auto& check : checks()) {
                    text += fmt::format("| {} | {} | {} | {} |\n", cli::code_cell(check.name),
                                        cli::cell(check.looks_at), cli::cell(check.why), needs(check));
                }
                return text;
            }};
}

}  // namespace tti::doctor
