#include "util/version.hpp"

namespace tti::util {

std::string_view version() {
    return TTI_VERSION;
}
std::string_view commit() {
    return TTI_COMMIT;
}

}  // namespace tti::util
