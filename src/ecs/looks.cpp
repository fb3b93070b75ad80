#include "ecs/looks.hpp"

#include "aws/problem.hpp"

namespace tti::ecs {
namespace {

Verdict verdict_of(const Error& error) {
    if (error.code() == ExitCode::unreachable) return Verdict::unknown;
    const auto* service = dynamic_cast<const aws::ServiceError*>(&error);
    constexpr int not_implemented = 501;  // of what speaks like AWS and knows less
    const bool unknown = service != nullptr && (aws::is_forbidden(service->problem()) ||
                                                service->problem().status == not_implemented);
    return unknown ? Verdict::unknown : Verdict::problem;
}

}  // namespace

void Looks::look(const std::string& topic, const std::function<Check()>& look) {
    try {
        add(look());
    } catch (const InterruptedError&) {
        throw;
    } catch (const Error& error) {
        add({.topic = topic, .verdict = verdict_of(error), .evidence = error.what(), .hint = error.hint()});
    }
}

}  // namespace tti::ecs
