#pragma once

#include <string>

#include <openssl/types.h>

#include "redis/target.hpp"

namespace tti::redis {

// TLS 1.2 at least, authorities, client certificate. Throws ConnectionError for files that cannot be used.
void configure(SSL_CTX* context, const Tls& tls);
// The server's name: asked for (SNI), and demanded of its certificate.
void expect_name(SSL* session, const Tls& tls, const std::string& host);
// Why the server's certificate was refused; empty where it was not.
std::string refusal(const SSL* session);

}  // namespace tti::redis
