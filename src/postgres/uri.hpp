#pragma once

#include <map>
#include <string>
#include <string_view>

#include "util/expected.hpp"
#include "util/secret.hpp"

namespace tti::postgres {

struct UriSetting;

// A database address as the stack takes it: a postgres URL or a keyword/value DSN. The stack's driver takes
// run-time parameters (search_path, application_name, …) in it, which libpq does not; they are kept apart
// here. PG* environment variables fill what the text leaves open.
class Uri {
  public:
    // A failure says what is wrong without repeating the text, which may hold a password.
    static Expected<Uri> parse(std::string_view text);

    // The text as given, with its password.
    [[nodiscard]] const Secret& text() const { return text_; }
    // host, port, user and database for people, never a password: "operator@db.example:5432/ttn_lorawan".
    [[nodiscard]] std::string display() const;
    // As given, with the password masked.
    [[nodiscard]] std::string masked() const { return masked_; }
    // The same address with another search_path, in the form that it came in.
    [[nodiscard]] Uri with_search_path(std::string_view schema) const;
    [[nodiscard]] const std::string& search_path() const { return search_path_; }
    // What libpq takes, as keywords and values, parameters that it does not know removed; may hold a
    // password.
    [[nodiscard]] const Secret& libpq() const { return libpq_; }
    // Other run-time parameters, to be set after connecting (statement_timeout, timezone, …).
    [[nodiscard]] const std::map<std::string, std::string>& runtime_parameters() const { return parameters_; }
    // What the text or the environment says of a keyword of libpq that is no secret (host, port, user,
    // dbname, …), or libpq's default; empty where none is.
    [[nodiscard]] std::string part(const std::string& name) const;

  private:
    void take(const UriSetting& setting, bool known, std::string& libpq);

    Secret text_;
    Secret libpq_;
    std::string masked_;
    std::string search_path_;
    std::map<std::string, std::string> parts_;
    std::map<std::string, std::string> parameters_;
};

}  // namespace tti::postgres
