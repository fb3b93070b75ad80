#pragma once

#include <memory>
#include <string>

#include "aws/chain.hpp"
#include "aws/credentials.hpp"
#include "aws/profile.hpp"
#include "aws/sts.hpp"
#include "aws/surroundings.hpp"

namespace tti::aws {

// Keys that are given as they are, by variables.
class FixedSource final : public CredentialSource {
  public:
    explicit FixedSource(Credentials credentials) : credentials_(std::move(credentials)) {}
    Credentials fetch() override { return credentials_; }
    [[nodiscard]] bool renews() const override { return false; }

  private:
    Credentials credentials_;
};

// Keys of the shared files, read anew each time: other tools put new ones there.
class FileSource final : public CredentialSource {
  public:
    FileSource(const Surroundings& surroundings, std::string profile)
        : surroundings_(surroundings), profile_(std::move(profile)) {}
    Credentials fetch() override;
    [[nodiscard]] bool renews() const override { return true; }

  private:
    const Surroundings& surroundings_;
    std::string profile_;
};

// What a program prints; a shell reads the command.
class ProcessSource final : public CredentialSource {
  public:
    ProcessSource(const Surroundings& surroundings, std::string command, std::string profile)
        : surroundings_(surroundings), command_(std::move(command)), profile_(std::move(profile)) {}
    Credentials fetch() override;
    [[nodiscard]] bool renews() const override { return true; }

  private:
    const Surroundings& surroundings_;
    std::string command_;
    std::string profile_;
};

// A role that the credentials of another source may assume.
class RoleSource final : public CredentialSource {
  public:
    RoleSource(const Surroundings& surroundings, std::unique_ptr<CredentialSource> base, AssumedRole role,
               const StsMaker& make_sts);
    Credentials fetch() override;
    [[nodiscard]] bool renews() const override { return true; }

  private:
    std::unique_ptr<CredentialSource> base_;
    CredentialCache cache_;
    AssumedRole role_;
    std::unique_ptr<Service> sts_;
};

// A role for whoever holds a token, which lies in a file and is read anew each time.
class WebIdentitySource final : public CredentialSource {
  public:
    WebIdentitySource(const Surroundings& surroundings, std::string token_file, AssumedRole role,
                      const StsMaker& make_sts);
    Credentials fetch() override;
    [[nodiscard]] bool renews() const override { return true; }

  private:
    const Surroundings& surroundings_;
    std::string token_file_;
    AssumedRole role_;
    std::unique_ptr<Service> sts_;
};

}  // namespace tti::aws
