#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace tti::util {

// SHA-256 over what was fed to it.
class Sha256 {
  public:
    Sha256();
    void update(std::string_view bytes);
    // The 32 bytes; ends the computation.
    std::string digest();
    // Lower-case hex; ends the computation.
    std::string hex();

  private:
    std::unique_ptr<evp_md_ctx_st, void (*)(evp_md_ctx_st*)> context_;
};

std::string sha256(std::string_view bytes);
// HMAC with SHA-256 (RFC 2104): 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

// Lower case.
std::string hex(std::string_view bytes);

}  // namespace tti::util
