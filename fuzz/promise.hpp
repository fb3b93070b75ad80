#pragma once

#include <stdexcept>

namespace tti::fuzz {

inline void promise(bool kept, const char* what) {
    if (!kept) throw std::logic_error(what);
}

}  // namespace tti::fuzz
