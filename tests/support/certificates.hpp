#pragma once

#include <filesystem>
#include <string>

namespace tti::test {

// A certificate authority in a folder, by the openssl program.
class CertificateAuthority {
  public:
    explicit CertificateAuthority(std::filesystem::path folder);
    // The PEM file of the authority itself.
    [[nodiscard]] std::string file() const { return (folder_ / "ca.crt").string(); }
    struct Pair {
        std::string certificate;
        std::string key;
    };
    // `names` as in subjectAltName: "DNS:redis.example.com,IP:127.0.0.1".
    [[nodiscard]] Pair issue(const std::string& file_name, const std::string& names) const;

  private:
    std::filesystem::path folder_;
};

}  // namespace tti::test
