#include "aws/metadata.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "aws/endpoint.hpp"
#include "aws/json_protocol.hpp"
#include "util/error.hpp"
#include "util/file.hpp"
#include "util/text.hpp"

namespace tti::aws {
namespace {

constexpr int ok = 200;
// Both services are on this machine's own link.
constexpr std::chrono::seconds soon{1};

// Never by a proxy, which would see the credentials.
http::Client local_client(const std::string& context) {
    return http::Client(
        {.context = context, .connect_timeout = soon, .whole_timeout = std::chrono::seconds{5}});
}

std::string without_port(const std::string& host) {
    const auto colon = host.rfind(':');
    const bool has_port = colon != std::string::npos && host.find(']', colon) == std::string::npos;
    return has_port ? host.substr(0, colon) : host;
}

// Source: AWS SDKs reference guide, "Container credential provider".
bool may_go_without_tls(const std::string& host) {
    constexpr std::array<std::string_view, 4> hosts{"localhost", "169.254.170.2", "169.254.170.23",
                                                    "[fd00:ec2::23]"};
    return host.starts_with("127.") || host == "[::1]" ||
           std::find(hosts.begin(), hosts.end(), host) != hosts.end();
}

}  // namespace

Expected<Credentials> parse_credentials(const std::string& json, const std::string& source) {
    const auto parsed = nlohmann::json::parse(json, nullptr, false);
    if (!parsed.is_object()) return unexpected("no JSON object");
    Credentials credentials{.access_key_id = text_in(parsed, "AccessKeyId"),
                            .secret_access_key = Secret(text_in(parsed, "SecretAccessKey")),
                            .session_token = Secret(text_in(parsed, "SessionToken")),
                            .source = source};
    if (credentials.session_token.empty()) credentials.session_token = Secret(text_in(parsed, "Token"));
    if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
        return unexpected("no AccessKeyId and SecretAccessKey in it");
    }
    const auto expiration = text_in(parsed, "Expiration");
    credentials.expires = parse_iso_time(expiration);
    if (!expiration.empty() && !credentials.expires) return unexpected("its Expiration is no time");
    return credentials;
}

std::optional<std::string> container_url(const Environment& environment) {
    const auto relative = variable(environment, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
    // Source: Amazon ECS, "Task IAM role".
    if (!relative.empty()) return "http://169.254.170.2" + relative;
    const auto full = variable(environment, "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    if (full.empty()) return std::nullopt;
    const auto endpoint = parse_endpoint(full.substr(0, full.find('?')));
    if (!endpoint || (endpoint->scheme == "http" && !may_go_without_tls(without_port(endpoint->host)))) {
        throw UsageError(
            fmt::format("AWS_CONTAINER_CREDENTIALS_FULL_URI = {:?}: credentials are not asked for there",
                        full),
            "Accepted: https://…, or http:// at this machine's own addresses.");
    }
    return full;
}

std::string ContainerSource::authorization() const {
    const auto& environment = surroundings_.environment;
    const auto file = variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
    if (file.empty()) return variable(environment, "AWS_CONTAINER_AUTHORIZATION_TOKEN");
    const auto token = util::read_file(file);
    if (!token) {
        throw UsageError(fmt::format("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: {} cannot be read: {}", file,
                                     token.error()));
    }
    return std::string(util::trim(*token));
}

Credentials ContainerSource::fetch() {
    constexpr auto context = "credentials of the container";
    http::Request request{.url = url_};
    if (const auto token = authorization(); !token.empty()) request.headers = {{"authorization", token}};
    const auto answer = local_client(context).send(request, surroundings_.stop);
    if (answer.status != ok) {
        throw UnreachableError(fmt::format("{}: {} answered with HTTP {}", context, url_, answer.status),
                               "Has the task a role (taskRoleArn)?");
    }
    auto credentials = parse_credentials(answer.body, "the container");
    if (!credentials) {
        throw UnreachableError(fmt::format("{}: {} answered with {}", context, url_, credentials.error()));
    }
    return std::move(*credentials);
}

InstanceMetadata::InstanceMetadata(const Surroundings& surroundings)
    : surroundings_(surroundings), client_(local_client("metadata of the instance")) {
    const auto& environment = surroundings.environment;
    url_ = variable(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
    while (url_.ends_with('/')) url_.pop_back();
    if (!url_.empty()) return;
    const auto mode = util::lower(variable(environment, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"));
    // Source: Amazon EC2, "Access instance metadata".
    url_ = mode == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
}

std::optional<std::string> InstanceMetadata::token() {
    const auto answer = client_.send({.method = "PUT",
                                      .url = url_ + "/latest/api/token",
                                      .headers = {{"x-aws-ec2-metadata-token-ttl-seconds", "300"}}},
                                     surroundings_.stop);
    return answer.status == ok ? std::optional(answer.body) : std::nullopt;
}

std::optional<std::string> InstanceMetadata::get(const std::string& path) {
    if (switched_on(surroundings_.environment, "AWS_EC2_METADATA_DISABLED")) return std::nullopt;
    try {
        const auto secret = token();
        if (!secret) return std::nullopt;
        const auto answer = client_.send(
            {.url = url_ + path, .headers = {{"x-aws-ec2-metadata-token", *secret}}}, surroundings_.stop);
        return answer.status == ok ? std::optional(answer.body) : std::nullopt;
    } catch (const http::TransferError&) {
        return std::nullopt;
    }
}

Credentials InstanceSource::fetch() {
    constexpr auto path = "/latest/meta-data/iam/security-credentials/";
    InstanceMetadata metadata(surroundings_);
    const auto roles = metadata.get(path);
    const auto lines = util::words(roles.value_or(""));
    if (lines.empty()) throw UnreachableError("this machine has no instance role");
    const auto& role = lines.front();
    const auto json = metadata.get(path + role);
    auto credentials = parse_credentials(json.value_or(""), "instance role " + role);
    if (!credentials) {
        throw UnreachableError(fmt::format("instance role {}: {}", role, credentials.error()));
    }
    return std::move(*credentials);
}

}  // namespace tti::aws
