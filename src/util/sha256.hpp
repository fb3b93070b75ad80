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
    // Lower-case hex; ends the computation.
    std::string hex();

  private:
    std::unique_ptr<evp_md_ctx_st, void (*)(evp_md_ctx_st*)> context_;
};

}  // namespace tti::util
