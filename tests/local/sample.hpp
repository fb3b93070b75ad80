#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "local/deployment.hpp"
#include "local/postgres_server.hpp"
#include "local/redis_server.hpp"
#include "postgres/connection.hpp"
#include "redis/connection.hpp"
#include "temporary_folder.hpp"

namespace tti::test {

// A deployment in a folder of its own; what runs in it is ended with it.
class Sample {
  public:
    Sample();
    Sample(const Sample&) = delete;
    Sample& operator=(const Sample&) = delete;
    ~Sample();

    local::State up();
    pid_t postgres();  // the main process; 0 where there is none
    pid_t redis();
    std::string query(const std::string& sql);  // the first value
    std::string redis_command(std::initializer_list<std::string_view> words);

  private:
    const TemporaryFolder folder_;
    const settings::Surroundings surroundings_;

  public:
    const local::Site site;
    util::NeverStop stop;
};

inline Sample::Sample()
    : surroundings_(settings::process_surroundings()),
      site(local::find_site(folder_.path() / "new", surroundings_)) {}

inline Sample::~Sample() {
    if (std::filesystem::exists(site.layout.record())) {
        local::remove_all(site, std::chrono::minutes(1), stop);
    }
}

inline local::State Sample::up() {
    return local::bring_up(site, surroundings_, std::chrono::minutes(1), stop);
}

inline pid_t Sample::postgres() {
    auto record = local::require_record(site);
    return local::PostgresServer(site, record, nullptr).find().value_or(0);
}

inline pid_t Sample::redis() {
    auto record = local::require_record(site);
    return local::RedisServer(site, record, nullptr).find().value_or(0);
}

inline std::string Sample::query(const std::string& sql) {
    const auto uri = postgres::Uri::parse(local::database_uri(local::require_record(site)).reveal());
    postgres::Connection connection(*uri, {.context = "test"}, stop);
    const auto result = connection.query(sql, {});
    return result.empty() || result.columns() == 0 ? "" : std::string(result.text(0, 0));
}

inline std::string Sample::redis_command(std::initializer_list<std::string_view> words) {
    redis::Connection connection(local::redis_target(site.layout, local::require_record(site)),
                                 {.context = "test"}, stop);
    redis::Commands command;
    command.add(words);
    return std::string(connection.single(command)->text());
}

}  // namespace tti::test
