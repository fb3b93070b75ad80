#include "stack/ask.hpp"

#include "operation/recorder.hpp"
#include "util/error.hpp"
#include "util/text.hpp"

namespace tti::stack {
namespace {

Failure no_answer(const std::vector<std::string>& arguments, const std::vector<std::string>& warnings) {
    const auto command = util::join(arguments, " ");
    return {ExitCode::unreachable,
            warnings.empty() ? command + ": no answer in time"
                             : command + ": no answer in time: " + util::join(warnings, "; "),
            "Wait longer with --timeout, or give that command alone: tti-lw-stack " + command};
}

}  // namespace

std::string cause(const Failure& failure) {
    constexpr std::string_view refused = ": cannot connect to ";
    const auto connection = failure.message.find(refused);
    return connection == std::string::npos ? failure.message : failure.message.substr(connection + 2);
}

Answer ask(cli::Context& context, const std::vector<std::string>& arguments, util::DeadlineStop& stop) {
    operation::Recorder told;
    Answer answer;
    try {
        answer.code = context.run_command(arguments, told, stop);
    } catch (const InterruptedError&) {
        if (!stop.is_over()) throw;
        answer.failure = no_answer(arguments, told.warnings());
    } catch (const Error& error) {
        answer.failure = {error.code(), error.what(), error.hint()};
    } catch (const std::exception& error) {
        answer.failure = {ExitCode::unexpected, error.what(), {}};
    }
    if (answer.failure) answer.code = answer.failure->code;
    answer.plans = told.plans();
    answer.data = told.data();
    answer.warnings = told.warnings();
    return answer;
}

}  // namespace tti::stack
