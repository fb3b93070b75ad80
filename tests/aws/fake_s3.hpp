#pragma once

#include <memory>
#include <string>
#include <vector>

#include "aws/s3.hpp"
#include "aws/surroundings_of_test.hpp"
#include "support/http_server.hpp"

namespace tti::aws {

// S3 whose answers a test says.
struct FakeS3 {
    TestSurroundings surroundings;
    test::HttpServer server;
    Session session{surroundings.surroundings};
    std::unique_ptr<S3> s3;

    explicit FakeS3(test::HttpServer::Handler handler) : server(std::move(handler)) {
        surroundings.use_keys();
        surroundings.environment()["AWS_ENDPOINT_URL_S3"] = server.url();
        surroundings.environment()["AWS_MAX_ATTEMPTS"] = "2";
        s3 = std::make_unique<S3>(session.service("s3"));
    }
    std::vector<std::string> calls() {
        std::vector<std::string> calls;
        for (const auto& request : server.requests()) calls.push_back(request.method + " " + request.target);
        return calls;
    }
};

inline bool is(const test::HttpRequest& request, const std::string& method, const std::string& part) {
    return request.method == method && request.target.find(part) != std::string::npos;
}

inline test::HttpReply missing() {
    return {.status = 404};
}

}  // namespace tti::aws
