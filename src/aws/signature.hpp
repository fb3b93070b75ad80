#pragma once

#include <string>

#include "aws/credentials.hpp"
#include "aws/request.hpp"

namespace tti::aws {

struct Scope {
    std::string region;
    std::string service;  // the name in signatures: "s3", "ecs", "logs"
};

// Signature Version 4: adds the headers host, x-amz-date, authorization, x-amz-security-token where there is
// one and x-amz-content-sha256 for S3. All headers that are there are signed. A request that was signed
// before is signed anew. Source: AWS, "Signature Version 4 for API requests".
void sign(Request& request, const std::string& host, const Credentials& credentials, const Scope& scope,
          Time time);

}  // namespace tti::aws
