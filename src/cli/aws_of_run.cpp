#include "cli/aws_of_run.hpp"

#include <unistd.h>

#include "aws/secrets.hpp"
#include "settings/secret_reference.hpp"
#include "util/account.hpp"

namespace tti::cli {
namespace {

std::filesystem::path home_of(const settings::Surroundings& surroundings) {
    const auto home = aws::variable(surroundings.environment, "HOME");
    return home.empty() ? util::account_of(geteuid()).home : std::filesystem::path(home);
}

}  // namespace

AwsOfRun::AwsOfRun(const Context& context, util::Stop& stop)
    : surroundings_{.environment = context.surroundings.environment,
                    .home = home_of(context.surroundings),
                    .clock = clock_,
                    .stop = stop,
                    .tell = [&reporter = context.reporter](
                                const auto& sentence) { reporter.log(operation::Level::warn, sentence); }},
      session_(surroundings_) {}

Secret read_secret(const Context& context, const std::string& option, const std::string& reference) {
    const auto from_aws = [&context](const std::string& where) -> std::optional<Secret> {
        if (!aws::is_secret_reference(where)) return std::nullopt;
        return aws::read_secret_reference(AwsOfRun(context).session(), where);
    };
    return settings::read_secret(option, reference, context.surroundings, context.standard_input, from_aws);
}

}  // namespace tti::cli
