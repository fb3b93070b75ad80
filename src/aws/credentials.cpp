#include "aws/credentials.hpp"

#include "util/error.hpp"

namespace tti::aws {

bool CredentialCache::expires_within(std::chrono::seconds time) const {
    return held_->expires && *held_->expires - clock_.now() <= time;
}

const Credentials& CredentialCache::get() {
    // Instance and container roles hand out new ones at least five minutes before.
    constexpr std::chrono::minutes before_the_end{5};
    if (held_ && (!source_.renews() || !expires_within(before_the_end))) return *held_;
    try {
        held_ = source_.fetch();
    } catch (const UnreachableError&) {
        if (!held_ || expires_within(std::chrono::seconds{0})) throw;
    }
    return *held_;
}

bool CredentialCache::renew() {
    if (!source_.renews()) return false;
    held_.reset();
    return true;
}

}  // namespace tti::aws
