#pragma once

#include <string>

namespace tti::backup {

// This machine's time: "2026-01-02T03:04:05Z".
std::string now_text();

}  // namespace tti::backup
