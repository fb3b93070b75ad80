#include <cstddef>
#include <cstdint>

#include "entries.hpp"

// What libFuzzer calls; TTI_FUZZ_ENTRY is one of the entries.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast)
    tti::fuzz::TTI_FUZZ_ENTRY({reinterpret_cast<const char*>(data), size});
    return 0;
}
