#include "stack/survey.hpp"

#include "stack/side_by_side.hpp"

namespace tti::stack {

Due survey(cli::Context& context, const Database& database, util::DeadlineStop& stop) {
    const auto began = std::chrono::steady_clock::now();
    auto answer = ask(context, {std::string(database.group), "migrate", "--dry-run"}, stop);
    Due due{.database = database,
            .plan = {},
            .failure = std::move(answer.failure),
            .warnings = std::move(answer.warnings)};
    if (!answer.plans.empty()) due.plan = std::move(answer.plans.back());
    due.took =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - began);
    return due;
}

std::vector<Due> survey(cli::Context& context, std::span<const Database> databases, util::Stop& stop,
                        std::chrono::milliseconds limit) {
    return side_by_side(databases, stop, limit, [&context](const Database& database, auto& limited) {
        return survey(context, database, limited);
    });
}

}  // namespace tti::stack
