#include "ecs/trouble.hpp"

#include <fmt/format.h>

#include "aws/problem.hpp"
#include "ecs/schedule.hpp"

namespace tti::ecs {

bool Trouble::answers(const std::function<void()>& question) {
    try {
        question();
        forget();
        return true;
    } catch (const aws::ServiceError& error) {
        const auto& problem = error.problem();
        // Somebody who logs in again meanwhile, or a role that is renewed, gives the watch new ones.
        const bool renews = aws::is_expired(problem) && credentials_.renew();
        if (!renews && !aws::is_throttled(problem) && !aws::is_passing(problem)) throw;
        note(error);
    } catch (const UnreachableError& error) {
        note(error);
    }
    return false;
}

std::chrono::milliseconds Trouble::pause() const {
    return failures_ == 0 ? std::chrono::milliseconds(0) : pause_after_trouble(failures_);
}

void Trouble::note(const Error& error) {
    ++failures_;
    if (!since_) {
        since_ = clock_.now();
        reporter_.log(
            operation::Level::warn,
            fmt::format("The task goes on, but AWS does not answer: {}; trying again", error.what()));
    }
    if (clock_.now() - *since_ >= longest_trouble) throw Error(error);
}

void Trouble::forget() {
    if (since_) reporter_.log(operation::Level::info, "AWS answers again");
    since_.reset();
    failures_ = 0;
}

}  // namespace tti::ecs
