#include "redis/tls.hpp"

#include <array>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "redis/error.hpp"

namespace tti::redis {
namespace {

std::string last_problem() {
    const unsigned long code = ERR_get_error();
    const char* reason = ERR_reason_error_string(code);
    ERR_clear_error();
    return reason == nullptr ? "unknown reason" : reason;
}

void check(int result, std::string_view what, const std::string& file, std::string_view setting) {
    if (result != 1) {
        throw ConnectionError(fmt::format("cannot use {} {}: {}", what, file, last_problem()),
                              fmt::format("Check {}; it must be a readable PEM file.", setting));
    }
}

bool is_address(const std::string& host) {
    std::array<unsigned char, sizeof(in6_addr)> ignored{};
    return inet_pton(AF_INET, host.c_str(), ignored.data()) == 1 ||
           inet_pton(AF_INET6, host.c_str(), ignored.data()) == 1;
}

void show_certificate(SSL_CTX* context, const Tls& tls) {
    if (tls.certificate.empty()) {
        return;
    }
    check(SSL_CTX_use_certificate_chain_file(context, tls.certificate.c_str()), "the client certificate",
          tls.certificate, "redis.tls.certificate");
    const std::string& key = tls.key.empty() ? tls.certificate : tls.key;
    check(SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM),
          "the key of the client certificate", key, "redis.tls.key");
    check(SSL_CTX_check_private_key(context), "the key of the client certificate", key, "redis.tls.key");
}

}  // namespace

void configure(SSL_CTX* context, const Tls& tls) {
    ERR_clear_error();
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_default_verify_paths(context);
    if (!tls.root_ca.empty()) {
        check(SSL_CTX_load_verify_file(context, tls.root_ca.c_str()), "the certificate authority",
              tls.root_ca, "redis.tls.root-ca");
    }
    show_certificate(context, tls);
    SSL_CTX_set_verify(context, tls.insecure_skip_verify ? SSL_VERIFY_NONE : SSL_VERIFY_PEER, nullptr);
}

void expect_name(SSL* session, const Tls& tls, const std::string& host) {
    const std::string& name = tls.server_name.empty() ? host : tls.server_name;
    if (is_address(name)) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), name.c_str());
        return;
    }
    // What OpenSSL's macro SSL_set_tlsext_host_name does, which casts.
    std::string asked_for = name;
    SSL_ctrl(session, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, asked_for.data());
    SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    SSL_set1_host(session, name.c_str());
}

std::string refusal(const SSL* session) {
    const long result = SSL_get_verify_result(session);
    return result == X509_V_OK ? std::string() : X509_verify_cert_error_string(result);
}

}  // namespace tti::redis
