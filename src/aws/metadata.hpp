#pragma once

#include <optional>
#include <string>

#include "aws/credentials.hpp"
#include "aws/surroundings.hpp"
#include "util/expected.hpp"

namespace tti::aws {

// Credentials as files, programs and metadata services give them: JSON with AccessKeyId, SecretAccessKey, and
// SessionToken or Token, and Expiration.
Expected<Credentials> parse_credentials(const std::string& json, const std::string& source);

// Where a container's credentials are: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or _FULL_URI; none where it is
// no container. Throws UsageError for a place that credentials may not be asked from without TLS.
std::optional<std::string> container_url(const Environment& environment);

// The role of a task (ECS, EKS). The authorisation token is read anew each time.
class ContainerSource final : public CredentialSource {
  public:
    ContainerSource(const Surroundings& surroundings, std::string url)
        : surroundings_(surroundings), url_(std::move(url)) {}
    Credentials fetch() override;
    [[nodiscard]] bool renews() const override { return true; }

  private:
    [[nodiscard]] std::string authorization() const;
    const Surroundings& surroundings_;
    std::string url_;
};

// The metadata service of an EC2 instance, in its second version alone: the first can be reached by requests
// that others forge.
class InstanceMetadata {
  public:
    explicit InstanceMetadata(const Surroundings& surroundings);
    // Nothing where it is switched off, does not answer, or knows no such path.
    std::optional<std::string> get(const std::string& path);

  private:
    std::optional<std::string> token();
    const Surroundings& surroundings_;
    std::string url_;
    http::Client client_;
};

// The role of an EC2 instance.
class InstanceSource final : public CredentialSource {
  public:
    explicit InstanceSource(const Surroundings& surroundings) : surroundings_(surroundings) {}
    Credentials fetch() override;
    [[nodiscard]] bool renews() const override { return true; }

  private:
    const Surroundings& surroundings_;
};

}  // namespace tti::aws
