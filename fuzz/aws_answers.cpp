#include <tuple>

#include "aws/metadata.hpp"
#include "aws/problem.hpp"
#include "aws/profile.hpp"
#include "aws/query_protocol.hpp"
#include "entries.hpp"
#include "promise.hpp"

namespace tti::fuzz {
namespace {

void problem(std::string_view body) {
    constexpr int refused = 400;
    const auto found = aws::problem_of({.status = refused, .headers = {}, .body = std::string(body)});
    promise(found.status == refused && !found.code.empty(), "a refusal without a code");
}

void xml(const std::string& text) {
    try {
        const aws::Xml read(text, "fuzz");
        std::ignore = read.find("Stacks");
    } catch (const Error& error) {
        promise(std::string_view(error.what()).find("fuzz") != std::string_view::npos,
                "an error without a place");
    }
}

void credentials(const std::string& text) {
    const auto read = aws::parse_credentials(text, "fuzz");
    if (read) promise(!read->access_key_id.empty() && read->source == "fuzz", "credentials without a key");
}

}  // namespace

void aws_answers(std::string_view input) {
    problem(input);
    xml(std::string(input));
    credentials(std::string(input));
    if (const auto sections = aws::parse_sections(input)) {
        for (const auto& [name, section] : *sections) std::ignore = aws::value_of(section, "region");
    }
}

}  // namespace tti::fuzz
