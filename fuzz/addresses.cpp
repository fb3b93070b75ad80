#include "aws/endpoint.hpp"
#include "aws/s3.hpp"
#include "entries.hpp"
#include "grpc/client.hpp"
#include "postgres/uri.hpp"
#include "postgres/uri_settings.hpp"
#include "promise.hpp"
#include "redis/address.hpp"

namespace tti::fuzz {
namespace {

// Long enough to stand nowhere by chance.
constexpr std::string_view password = "correct-horse-battery";

bool holds(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

void database(std::string_view text) {
    const auto uri = postgres::Uri::parse(text);
    if (!uri) {
        promise(!holds(uri.error(), password), "a refusal that holds a password");
        return;
    }
    promise(uri->text().reveal() == text, "another text than what was given");
    promise(uri->with_search_path("tenant").search_path() == "tenant", "a schema that is not taken");
}

// A password in its place is shown in no form that is for people, whatever stands around it.
void database_with_password(std::string_view rest) {
    const auto url = "postgres://user:" + std::string(password) + "@host/" + std::string(rest);
    const auto uri = postgres::Uri::parse(url);
    if (!uri) {
        promise(!holds(uri.error(), password), "a refusal that holds a password");
        return;
    }
    promise(!holds(uri->display(), password) && !holds(uri->masked(), password), "a password is shown");
}

void keyword(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) return;  // libpq's texts end there
    const auto settings = postgres::parse_keywords("dbname=" + postgres::quote_keyword_value(text));
    promise(settings && settings->size() == 1 && settings->front().value == text,
            "a value that does not come back");
}

}  // namespace

void addresses(std::string_view input) {
    database(input);
    database_with_password(input);
    keyword(input);
    if (const auto address = redis::parse_address(input))
        promise(address->path.empty() != address->host.empty(), "neither a host nor a path");
    if (const auto address = grpc::parse_address(input))
        promise(address->port > 0 && address->port < 65536, "a port that is none");
    if (const auto endpoint = aws::parse_endpoint(input)) promise(!endpoint->host.empty(), "no host");
    if (const auto object = aws::parse_object_address(input))
        promise(object->display() == input, "an object's address that does not come back");
}

}  // namespace tti::fuzz
