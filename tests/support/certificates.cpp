#include "support/certificates.hpp"

#include <fstream>

#include "support/child_process.hpp"

namespace tti::test {

CertificateAuthority::CertificateAuthority(std::filesystem::path folder) : folder_(std::move(folder)) {
    run({"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-keyout", (folder_ / "ca.key").string(), "-out", file(), "-days", "2", "-subj",
         "/CN=Test authority"},
        folder_ / "openssl.log");
}

CertificateAuthority::Pair CertificateAuthority::issue(const std::string& file_name,
                                                       const std::string& names) const {
    const std::string base = (folder_ / file_name).string();
    const Pair pair{base + ".crt", base + ".key"};
    run({"openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
         "-keyout", pair.key, "-out", base + ".csr", "-subj", "/CN=" + file_name},
        folder_ / "openssl.log");
    std::ofstream(base + ".ext") << "subjectAltName=" << names << "\n";
    run({"openssl", "x509", "-req", "-in", base + ".csr", "-CA", file(), "-CAkey",
         (folder_ / "ca.key").string(), "-CAcreateserial", "-out", pair.certificate, "-days", "2", "-extfile",
         base + ".ext"},
        folder_ / "openssl.log");
    return pair;
}

}  // namespace tti::test
