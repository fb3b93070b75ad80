#include "aws/service.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "aws/signature.hpp"

namespace tti::aws {
namespace {

http::ClientOptions client_options_of(const ServiceOptions& options, const Surroundings& surroundings) {
    return client_options(surroundings, "AWS " + options.name, options.endpoint.url());
}

// S3 may find an error after it has begun to answer with 200.
bool is_error_in_disguise(const std::string& service, const Request& request, const http::Answer& answer) {
    return service == "s3" && request.method == "POST" && answer.status == 200 &&
           answer.body.find("<Error>") != std::string::npos;
}

// AWS does not know the caller, or not by this secret key.
bool is_not_known(const Problem& problem) {
    constexpr std::array<std::string_view, 6> codes{
        "InvalidClientTokenId",  "UnrecognizedClientException", "InvalidAccessKeyId",
        "SignatureDoesNotMatch", "InvalidSignatureException",   "AuthFailure"};
    return std::find(codes.begin(), codes.end(), problem.code) != codes.end();
}

bool is_success(const http::Answer& answer) {
    return answer.status / 100 == 2;
}

}  // namespace

struct Service::Attempts {
    int done = 0;
    bool corrected_clock = false;
    bool renewed_credentials = false;
};

Service::Service(ServiceOptions options, const Surroundings& surroundings, ServerTime& time,
                 CredentialCache* credentials)
    : options_(std::move(options)),
      surroundings_(surroundings),
      time_(time),
      credentials_(credentials),
      client_(client_options_of(options_, surroundings)) {}

http::Answer Service::send(const Operation& operation, Request request) {
    return send_to(options_.endpoint.host, options_.region, operation, std::move(request));
}

http::Answer Service::send_to(const std::string& host, const std::string& region, const Operation& operation,
                              Request request) {
    request.path = options_.endpoint.base_path + request.path;
    for (Attempts attempts;;) {
        ++attempts.done;
        http::Answer answer;
        try {
            answer = attempt(host, region, request);
        } catch (const http::TransferError& error) {
            if (error.kind() == http::TransferError::Kind::not_trusted) throw;
            if (request.in_any_case || attempts.done >= options_.patience.attempts) throw;
            pause(attempts);
            continue;
        }
        const bool disguised = is_error_in_disguise(options_.name, request, answer);
        if (is_success(answer) && !disguised) return answer;
        auto problem = problem_of(answer);
        constexpr int server_failed = 500;
        if (disguised) problem.status = server_failed;
        if (request.in_any_case || !worth_another(attempts, problem, answer))
            refuse(operation, problem, attempts.done);
    }
}

http::Answer Service::attempt(const std::string& host, const std::string& region, Request& request) {
    if (credentials_ != nullptr) {
        sign(request, host, credentials_->get(), {region, options_.name}, time_.now());
    }
    http::Request bytes{.method = request.method,
                        .url = options_.endpoint.scheme + "://" + host + path_encoded(request.path),
                        .body = request.body};
    if (!request.query.empty()) bytes.url += "?" + query_encoded(request.query);
    bytes.headers.assign(request.headers.begin(), request.headers.end());
    util::NeverStop never;
    return client_.send(bytes, request.in_any_case ? never : surroundings_.stop);
}

bool Service::worth_another(Attempts& attempts, const Problem& problem, const http::Answer& answer) {
    if (credentials_ != nullptr && is_expired(problem) && !attempts.renewed_credentials) {
        attempts.renewed_credentials = true;
        return credentials_->renew();
    }
    if (may_be_skew(problem) && !attempts.corrected_clock) {
        if (const auto ahead = time_.learn(answer.header("date"))) {
            surroundings_.tell(skew_text(*ahead) + "; requests are signed with AWS's time");
            attempts.corrected_clock = true;
            return true;
        }
    }
    if (!is_throttled(problem) && !is_passing(problem)) return false;
    if (attempts.done >= options_.patience.attempts) return false;
    pause(attempts);
    return true;
}

void Service::pause(Attempts& attempts) {
    const auto& patience = options_.patience;
    auto most = patience.first;
    for (int doubled = 1; doubled < attempts.done && most < patience.longest; ++doubled) most *= 2;
    std::uniform_int_distribution<std::chrono::milliseconds::rep> any(
        0, std::min(most, patience.longest).count());
    surroundings_.clock.wait(std::chrono::milliseconds(any(random_)), surroundings_.stop);
}

void Service::refuse(const Operation& operation, const Problem& problem, int attempts) const {
    const auto text =
        fmt::format("AWS {} {}: {} ({}){}", options_.name, operation.name,
                    problem.sentence.empty() ? "refused" : problem.sentence, problem.code,
                    attempts > 1 ? fmt::format(", after {} attempts", attempts) : std::string());
    // What get() holds: it has just been used.
    const auto origin = credentials_ == nullptr ? std::string("nowhere") : credentials_->get().source;
    if (is_expired(problem)) {
        throw ServiceError(
            ExitCode::refused, problem, text,
            fmt::format("The credentials (from {}) have expired; get new ones, and run the same "
                        "command again.",
                        origin));
    }
    if (is_not_known(problem)) {
        throw ServiceError(ExitCode::refused, problem, text,
                           fmt::format("Check the credentials, which came from {}.", origin));
    }
    if (is_forbidden(problem)) {
        const auto permission =
            operation.permission.empty() ? options_.name + ":" + operation.name : operation.permission;
        throw ServiceError(ExitCode::refused, problem, text,
                           fmt::format("The caller needs the permission {}.", permission));
    }
    const bool passing = is_throttled(problem) || is_passing(problem);
    throw ServiceError(passing ? ExitCode::unreachable : ExitCode::unexpected, problem, text,
                       passing ? "AWS is busy or failing; try again in some minutes." : "");
}

}  // namespace tti::aws
