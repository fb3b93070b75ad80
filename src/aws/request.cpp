#include "aws/request.hpp"

#include "util/percent.hpp"

namespace tti::aws {

std::string path_encoded(std::string_view path) {
    return util::percent_encoded(path, "/");
}

std::string query_encoded(const std::vector<std::pair<std::string, std::string>>& query) {
    std::string text;
    for (const auto& [name, value] : query) {
        if (!text.empty()) text += '&';
        text += util::percent_encoded(name) + '=' + util::percent_encoded(value);
    }
    return text;
}

}  // namespace tti::aws
