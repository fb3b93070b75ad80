#include "aws/problem.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "aws/json_protocol.hpp"

namespace tti::aws {
namespace {

bool is_one_of(const std::string& code, std::span<const std::string_view> codes) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

// "com.amazonaws.x#ThrottlingException:http://…" is called by what is in the middle.
std::string bare(std::string code) {
    if (const auto hash = code.find('#'); hash != std::string::npos) code.erase(0, hash + 1);
    return code.substr(0, code.find(':'));
}

void read_json(const std::string& body, Problem& problem) {
    const auto json = nlohmann::json::parse(body, nullptr, false);
    if (!json.is_object()) return;
    for (const auto* name : {"__type", "code", "Code"}) {
        if (problem.code.empty()) problem.code = bare(text_in(json, name));
    }
    problem.sentence = text_in(json, "message").empty() ? text_in(json, "Message") : text_in(json, "message");
}

void read_xml(const std::string& body, Problem& problem) {
    pugi::xml_document document;
    if (!document.load_buffer(body.data(), body.size())) return;
    const auto found = document.find_node(
        [](const pugi::xml_node& node) { return node.name() == std::string_view("Error"); });
    problem.code = found.child_value("Code");
    problem.sentence = found.child_value("Message");
}

}  // namespace

Problem problem_of(const http::Answer& answer) {
    Problem problem{.status = answer.status,
                    .code = bare(answer.header("x-amzn-errortype")),
                    .region = answer.header("x-amz-bucket-region")};
    const auto first = answer.body.find_first_not_of(" \t\r\n");
    if (first != std::string::npos) {
        answer.body[first] == '<' ? read_xml(answer.body, problem) : read_json(answer.body, problem);
    }
    if (problem.code.empty()) problem.code = fmt::format("HTTP {}", answer.status);
    return problem;
}

// Source of the lists: the retry handlers of AWS's own SDKs.
bool is_throttled(const Problem& problem) {
    constexpr std::array<std::string_view, 14> codes{"Throttling",
                                                     "ThrottlingException",
                                                     "ThrottledException",
                                                     "RequestThrottled",
                                                     "RequestThrottledException",
                                                     "TooManyRequestsException",
                                                     "SlowDown",
                                                     "RequestLimitExceeded",
                                                     "BandwidthLimitExceeded",
                                                     "EC2ThrottledException",
                                                     "PriorRequestNotComplete",
                                                     "TransactionInProgressException",
                                                     "LimitExceededException",
                                                     "ProvisionedThroughputExceededException"};
    constexpr int too_many_requests = 429;
    return problem.status == too_many_requests || is_one_of(problem.code, codes);
}

bool is_passing(const Problem& problem) {
    constexpr std::array<std::string_view, 6> codes{"RequestTimeout",       "RequestTimeoutException",
                                                    "InternalError",        "InternalFailure",
                                                    "InternalServiceError", "ServiceUnavailable"};
    constexpr int first_of_server = 500;
    constexpr int not_implemented = 501;
    return (problem.status >= first_of_server && problem.status != not_implemented) ||
           is_one_of(problem.code, codes);
}

bool is_expired(const Problem& problem) {
    constexpr std::array<std::string_view, 3> codes{"ExpiredToken", "ExpiredTokenException",
                                                    "TokenRefreshRequired"};
    return is_one_of(problem.code, codes);
}

bool is_forbidden(const Problem& problem) {
    constexpr std::array<std::string_view, 6> codes{"AccessDenied",          "AccessDeniedException",
                                                    "UnauthorizedOperation", "UnauthorizedAccess",
                                                    "AllAccessDisabled",     "NotAuthorized"};
    constexpr int forbidden = 403;
    return is_one_of(problem.code, codes) || problem.code == fmt::format("HTTP {}", forbidden);
}

bool may_be_skew(const Problem& problem) {
    constexpr std::array<std::string_view, 7> codes{"RequestTimeTooSkewed",
                                                    "RequestExpired",
                                                    "RequestInTheFuture",
                                                    "InvalidSignatureException",
                                                    "SignatureDoesNotMatch",
                                                    "AuthFailure",
                                                    "HTTP 403"};
    return is_one_of(problem.code, codes);
}

}  // namespace tti::aws
