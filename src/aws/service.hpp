#pragma once

#include <chrono>
#include <optional>
#include <random>
#include <string>

#include "aws/credentials.hpp"
#include "aws/endpoint.hpp"
#include "aws/problem.hpp"
#include "aws/request.hpp"
#include "aws/server_time.hpp"
#include "aws/surroundings.hpp"
#include "http/client.hpp"

namespace tti::aws {

// How often and how long a request is tried again.
struct Patience {
    int attempts = 5;
    std::chrono::milliseconds first{1000};  // the longest pause after the first attempt; doubles each time
    std::chrono::milliseconds longest{20000};
};

struct ServiceOptions {
    std::string name;  // as in signatures: "s3"
    std::string region;
    Endpoint endpoint;
    Patience patience;
};

// What is done, for messages and for the permission that it needs.
struct Operation {
    std::string name;        // AWS's: "RunTask"
    std::string permission;  // where it is called otherwise: "s3:ListBucket"
};

// One service of AWS in one region, used from one thread. Signs, waits, tries again. Everything that it holds
// references to has to outlive it.
class Service {
  public:
    // Without credentials, requests go out unsigned.
    Service(ServiceOptions options, const Surroundings& surroundings, ServerTime& time,
            CredentialCache* credentials);

    // A successful answer. Tried again, with pauses of random length that grow, where the service is
    // throttling, failing for now, or not reached; once where the clock was wrong (told) or credentials had
    // expired. Throws ServiceError for what the service refuses, TransferError where no answer came. As a
    // request whose answer got lost is sent again, what is not repeatable needs a token of its client.
    http::Answer send(const Operation& operation, Request request);
    // The same at another host and region, for S3's buckets.
    http::Answer send_to(const std::string& host, const std::string& region, const Operation& operation,
                         Request request);

    [[nodiscard]] const ServiceOptions& options() const { return options_; }

  private:
    struct Attempts;
    http::Answer attempt(const std::string& host, const std::string& region, Request& request);
    bool worth_another(Attempts& attempts, const Problem& problem, const http::Answer& answer);
    void pause(Attempts& attempts);
    [[noreturn]] void refuse(const Operation& operation, const Problem& problem, int attempts) const;

    ServiceOptions options_;
    const Surroundings& surroundings_;
    ServerTime& time_;
    CredentialCache* credentials_;
    http::Client client_;
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace tti::aws
