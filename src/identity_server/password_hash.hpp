#pragma once

#include <string>
#include <string_view>

#include "util/expected.hpp"
#include "util/secret.hpp"

namespace tti::identity_server {

// As the stack hashes them: passwords and client secrets, and keys of tokens.
inline constexpr int password_iterations = 20000;
inline constexpr int token_iterations = 1000;

// "PBKDF2$sha256$20000$SALT$HASH", with a new salt.
std::string hash_password(const Secret& plain, int iterations = password_iterations);

// Whether `stored` is a hash of `plain`; fails where `stored` is no hash that the stack writes.
Expected<bool> verify_password(const Secret& plain, std::string_view stored);

}  // namespace tti::identity_server
