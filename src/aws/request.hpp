#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tti::aws {

// What is asked of a service. Nothing in it is encoded yet.
struct Request {
    std::string method = "POST";
    std::string path = "/";
    std::vector<std::pair<std::string, std::string>> query = {};
    std::map<std::string, std::string> headers = {};  // names in lower case
    std::string_view body = {};                       // has to live until the answer is there
    bool in_any_case = false;  // sent though an end was asked for, and only once: what tidies up
};

// As util::percent_encoded(), with "/" kept.
std::string path_encoded(std::string_view path);
// "a=1&b=", in the given order; without "?".
std::string query_encoded(const std::vector<std::pair<std::string, std::string>>& query);

}  // namespace tti::aws
