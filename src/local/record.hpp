#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "local/layout.hpp"
#include "util/expected.hpp"
#include "util/secret.hpp"

namespace tti::local {

inline constexpr std::string_view database_name = "ttn_lorawan";
inline constexpr std::string_view database_user = "tti";

// What local.json keeps: chosen once, so that addresses and passwords stay the same over every restart.
struct Record {
    int postgres_port = 0;
    Secret postgres_password;
    int redis_port = 0;
    Secret redis_password;
};

// With fresh ports and passwords.
Record new_record();

std::string to_json(const Record& record);
Expected<Record> parse_record(std::string_view text);

// No value where there is none or it cannot be read by us. Throws Error when it is damaged.
std::optional<Record> load_record(const Layout& layout);
void save_record(const Site& site, const Record& record);

// The address over TCP, with the password; 127.0.0.1 and not localhost, which may also mean somebody else's
// ::1.
Secret database_uri(const Record& record);
// The same over the unix socket; `database` is a plain name.
Secret socket_uri(const Layout& layout, const Record& record, std::string_view database);
std::string redis_address(const Record& record);

}  // namespace tti::local
