#include "doctor/finding.hpp"

namespace tti::doctor {

std::string_view describe(Severity severity) {
    switch (severity) {
        case Severity::note:
            return "note";
        case Severity::warning:
            return "warning";
        case Severity::error:
            return "error";
    }
    return "unknown";
}

std::string_view describe(Mend::Way way) {
    switch (way) {
        case Mend::Way::command:
            return "command";
        case Mend::Way::statement:
            return "psql";
        case Mend::Way::redis:
            return "redis-cli";
        case Mend::Way::setting:
            return "setting";
    }
    return "unknown";
}

}  // namespace tti::doctor
