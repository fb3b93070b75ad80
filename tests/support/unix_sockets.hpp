#pragma once

#include <string>

namespace tti::test {

// Descriptors that the caller closes. Listening throws where it fails; connecting gives -1.
int listen_at(const std::string& path);
int connect_to(const std::string& path);

}  // namespace tti::test
