#pragma once

#include <memory>
#include <string>

#include "aws/s3.hpp"
#include "backup/place.hpp"
#include "cli/aws_of_run.hpp"

namespace tti::backup {

// Objects of S3 below a prefix. What is written goes there in parts as it comes, and is an object when the
// last part is there. S3 has no lock: of two backups into one place the one whose mark was overwritten ends.
class ObjectPlace final : public Place {
  public:
    // "s3://BUCKET" or "s3://BUCKET/PREFIX", and how S3 encrypts what is written. Throws UsageError for
    // anything else.
    ObjectPlace(const cli::Context& context, const std::string& text, aws::Encryption encryption);

    [[nodiscard]] std::string display() const override;
    std::vector<std::string> names() override;
    void open_for_writing() override {}
    std::unique_ptr<Sink> create(const std::string& name) override;
    std::unique_ptr<Source> open(const std::string& name) override;
    void remove(const std::string& name) override;

  private:
    [[nodiscard]] aws::ObjectAddress address(const std::string& name) const;

    std::string bucket_;
    std::string prefix_;  // with a slash at its end; empty: the whole bucket
    aws::Encryption encryption_;
    cli::AwsOfRun aws_;
    aws::S3 s3_;
};

}  // namespace tti::backup
