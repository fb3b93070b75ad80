#pragma once

#include <memory>
#include <optional>
#include <string>

#include "aws/chain.hpp"
#include "aws/credentials.hpp"
#include "aws/profile.hpp"
#include "aws/server_time.hpp"
#include "aws/service.hpp"
#include "aws/surroundings.hpp"

namespace tti::aws {

// AWS as one run sees it: profile, region, credentials. Looks for each when it is first needed, and not
// before. Used from one thread; has to outlive the services that it made.
class Session {
  public:
    // `surroundings` has to outlive it.
    explicit Session(const Surroundings& surroundings);
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;
    ~Session() = default;

    // AWS_REGION, AWS_DEFAULT_REGION, the profile's, the instance's. Throws UsageError where none says.
    const std::string& region();
    CredentialCache& credentials();

    // "s3", "ecs", "cloudformation", "ec2", "iam", "logs", "secretsmanager", "ssm" or "sts".
    Service service(const std::string& name);
    Service service(const std::string& name, const std::string& region);

  private:
    [[nodiscard]] std::optional<std::string> find_region() const;
    std::unique_ptr<Service> sts_for_roles(CredentialCache* credentials);
    [[nodiscard]] Patience patience() const;
    Service make(const std::string& name, const std::string& region, CredentialCache* credentials);

    const Surroundings& surroundings_;
    Profiles profiles_;
    ServerTime time_;
    std::optional<std::string> region_;
    std::unique_ptr<CredentialSource> source_;
    std::unique_ptr<CredentialCache> credentials_;
};

}  // namespace tti::aws
