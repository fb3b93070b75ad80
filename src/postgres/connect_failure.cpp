#include <array>

#include <fmt/format.h>

#include "postgres/connect.hpp"
#include "postgres/one_line.hpp"

namespace tti::postgres {
namespace {

struct Kind {
    std::string_view sign;  // in libpq's or the server's message
    std::string_view hint;  // {setting} and {database} are filled in
};

constexpr std::array kinds{
    Kind{"database system is starting up",
         "Wait until the database server has started, then run the same command again."},
    Kind{"database system is shutting down", "Start the database server, then run the same command again."},
    Kind{"Connection refused",
         "Check that the database server is running, and that {setting} names its host and port."},
    Kind{"No such file or directory",
         "Check that the database server is running, and that {setting} names its socket folder."},
    Kind{"from the name servers",
         "Check that the name servers of this machine (/etc/resolv.conf) can be reached, and the host in "
         "{setting}."},
    Kind{"Temporary failure in name resolution",
         "Check that the name servers of this machine (/etc/resolv.conf) can be reached, and the host in "
         "{setting}."},
    Kind{"could not translate host name", "Check the host in {setting}."},
    Kind{"timed out",
         "Check the host and port in {setting}, and that a firewall or security group lets this machine "
         "reach them."},
    Kind{"timeout expired",
         "Check the host and port in {setting}, and that a firewall or security group lets this machine "
         "reach them."},
    Kind{"No route to host", "Check the host in {setting}, and the network between."},
    Kind{"authentication failed", "Check the user and password in {setting}."},
    Kind{"no password supplied", "Put the password into {setting}, or into PGPASSWORD."},
    Kind{"no pg_hba.conf entry",
         "Allow this user, database and address in pg_hba.conf of the server, or ask for TLS with "
         "sslmode=require in {setting}."},
    Kind{"certificate verify failed",
         "Point sslrootcert in {setting} to the certificate authority that signed the server's certificate."},
    Kind{"root certificate file",
         "Point sslrootcert in {setting} to the certificate authority that signed the server's certificate."},
    Kind{"does not match host name",
         "Use the host name of the server's certificate in {setting}, or sslmode=verify-ca."},
    Kind{"server does not support SSL",
         "Turn TLS on at the database server, or set sslmode=disable in {setting}."},
    Kind{"server closed the connection",
         "Check that {setting} names a PostgreSQL server; if it does, look into its log, then run the same "
         "command again."},
    Kind{"SSL", "Check sslmode, sslrootcert, sslcert and sslkey in {setting}."},
    Kind{"too many clients", "Wait until other clients have left, or raise max_connections of the server."},
    Kind{"remaining connection slots",
         "Wait until other clients have left, or raise max_connections of the server."},
};

std::string unknown_database_hint(const Uri& uri, const std::string& setting) {
    return fmt::format("Create it with `createdb -h {} -p {} -U {} {}`, or correct the database in {}.",
                       uri.part("host"), uri.part("port"), uri.part("user"), uri.part("dbname"), setting);
}

std::string hint_for(const Uri& uri, const std::string& setting, std::string_view reason) {
    const bool missing = reason.find("does not exist") != std::string_view::npos;
    if (missing && reason.find("database \"") != std::string_view::npos) {
        return unknown_database_hint(uri, setting);
    }
    if (missing && reason.find("role \"") != std::string_view::npos) {
        return fmt::format("Create the user in the database server, or correct it in {}.", setting);
    }
    for (const Kind& kind : kinds) {
        if (reason.find(kind.sign) != std::string_view::npos) {
            return fmt::format(fmt::runtime(kind.hint), fmt::arg("setting", setting));
        }
    }
    return fmt::format("Check {}.", setting);
}

// What libpq asks or guesses below a message begins with a tab; the hint says it better.
std::string without_guesses(std::string_view reason) {
    std::string kept;
    while (!reason.empty()) {
        const std::size_t end = std::min(reason.find('\n'), reason.size());
        const std::string line = reason.starts_with('\t') ? std::string() : one_line(reason.substr(0, end));
        if (!line.empty()) {
            kept += (kept.empty() ? "" : "; ") + line;
        }
        reason.remove_prefix(std::min(end + 1, reason.size()));
    }
    if (kept.ends_with('.')) kept.pop_back();
    return kept;
}

}  // namespace

ConnectionError connect_failure(const Uri& uri, const ConnectOptions& options, std::string_view reason) {
    ConnectionError failure(
        fmt::format("{}: cannot connect to {}: {}", options.context, uri.display(), without_guesses(reason)),
        hint_for(uri, options.setting, reason));
    return failure;
}

}  // namespace tti::postgres
