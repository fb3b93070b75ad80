#pragma once

#include <string>

#include "aws/session.hpp"
#include "cli/context.hpp"
#include "util/secret.hpp"

namespace tti::cli {

// AWS with the variables of a run; what there is to tell goes to its reporter. Asks for nothing before it is
// needed. Lives no longer than the context.
class AwsOfRun {
  public:
    explicit AwsOfRun(const Context& context) : AwsOfRun(context, context.stop) {}
    // Its waits end when `stop` asks for it.
    AwsOfRun(const Context& context, util::Stop& stop);
    AwsOfRun(const AwsOfRun&) = delete;
    AwsOfRun& operator=(const AwsOfRun&) = delete;
    ~AwsOfRun() = default;

    aws::Session& session() { return session_; }
    aws::Clock& clock() { return clock_; }

  private:
    aws::SystemClock clock_;
    aws::Surroundings surroundings_;
    aws::Session session_;
};

// What a reference points to, wherever that is. Messages name `option`, whose value it is or stands for.
Secret read_secret(const Context& context, const std::string& option, const std::string& reference);

}  // namespace tti::cli
