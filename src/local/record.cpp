#include "local/record.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "local/password.hpp"
#include "local/ports.hpp"
#include "local/private_file.hpp"
#include "util/error.hpp"
#include "util/percent.hpp"

namespace tti::local {
namespace {

constexpr int record_version = 1;

Expected<Record> read_fields(const nlohmann::json& json) {
    if (const int version = json.at("version").get<int>(); version != record_version) {
        return unexpected(fmt::format("its version is {}, and this build knows {}", version, record_version));
    }
    const auto& postgres = json.at("postgres");
    const auto& redis = json.at("redis");
    return Record{postgres.at("port").get<int>(), Secret(postgres.at("password").get<std::string>()),
                  redis.at("port").get<int>(), Secret(redis.at("password").get<std::string>())};
}

bool is_port(int number) {
    return number > 0 && number < 65536;
}

}  // namespace

Record new_record() {
    const int postgres = choose_port();
    int redis = choose_port();
    while (redis == postgres) {
        redis = choose_port();
    }
    return {postgres, generate_password(), redis, generate_password()};
}

std::string to_json(const Record& record) {
    const nlohmann::ordered_json json{
        {"version", record_version},
        {"postgres", {{"port", record.postgres_port}, {"password", record.postgres_password.reveal()}}},
        {"redis", {{"port", record.redis_port}, {"password", record.redis_password.reveal()}}}};
    return json.dump(2) + "\n";
}

Expected<Record> parse_record(std::string_view text) {
    try {
        auto record = read_fields(nlohmann::json::parse(text));
        if (record && (!is_port(record->postgres_port) || !is_port(record->redis_port))) {
            return unexpected("a port is outside 1 to 65535");
        }
        if (record && (record->postgres_password.empty() || record->redis_password.empty())) {
            return unexpected("a password is empty");
        }
        return record;
    } catch (const nlohmann::json::exception& problem) {
        // Only the number: the library's text repeats the input, which holds passwords.
        return unexpected(fmt::format("it is not what `local up` writes (JSON error {})", problem.id));
    }
}

std::optional<Record> load_record(const Layout& layout) {
    const auto text = read_file(layout.record());
    if (!text) {
        return std::nullopt;
    }
    auto record = parse_record(*text);
    if (!record) {
        throw Error(ExitCode::unexpected,
                    fmt::format("{} is damaged: {}", layout.record().string(), record.error()),
                    "Restore the file from a backup; the passwords of the local servers are in it.");
    }
    return *std::move(record);
}

void save_record(const Site& site, const Record& record) {
    write_private_file(site.layout.record(), to_json(record), site.owner);
}

Secret database_uri(const Record& record) {
    return Secret(fmt::format("postgresql://{}:{}@127.0.0.1:{}/{}?sslmode=disable", database_user,
                              record.postgres_password.reveal(), record.postgres_port, database_name));
}

Secret socket_uri(const Layout& layout, const Record& record, std::string_view database) {
    return Secret(fmt::format("postgresql://{}:{}@/{}?host={}&port={}", database_user,
                              record.postgres_password.reveal(), database,
                              util::percent_encoded(layout.run().string()), record.postgres_port));
}

std::string redis_address(const Record& record) {
    return fmt::format("127.0.0.1:{}", record.redis_port);
}

}  // namespace tti::local
