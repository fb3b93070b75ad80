#pragma once

#include <optional>
#include <string>

#include "aws/time.hpp"
#include "util/secret.hpp"

namespace tti::aws {

struct Credentials {
    std::string access_key_id;  // public: it stands in every request
    Secret secret_access_key;
    Secret session_token;         // empty for those of a user
    std::optional<Time> expires;  // none: never
    std::string source;           // "variables", "profile prod", "the container", for messages
};

// One place where credentials come from.
class CredentialSource {
  public:
    CredentialSource() = default;
    CredentialSource(const CredentialSource&) = delete;
    CredentialSource& operator=(const CredentialSource&) = delete;
    virtual ~CredentialSource() = default;

    // Asks the place. Throws Error where it has none, and UnreachableError where it does not answer.
    virtual Credentials fetch() = 0;
    // Whether asking again may bring newer ones.
    [[nodiscard]] virtual bool renews() const = 0;
};

// Keeps credentials until shortly before they expire. Used from one thread.
class CredentialCache {
  public:
    CredentialCache(CredentialSource& source, Clock& clock) : source_(source), clock_(clock) {}

    // Valid ones. A place that does not answer is forgiven as long as the old ones are valid.
    const Credentials& get();
    // The service called them expired: fetched anew by the next get(). False where that cannot help.
    bool renew();

  private:
    [[nodiscard]] bool expires_within(std::chrono::seconds time) const;

    CredentialSource& source_;
    Clock& clock_;
    std::optional<Credentials> held_;
};

}  // namespace tti::aws
