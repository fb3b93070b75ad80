#include "storage_integration/store.hpp"

#include <array>
#include <limits>

#include <fmt/format.h>

namespace tti::storage_integration {
namespace {

// https://www.postgresql.org/docs/15/sql-copy.html, "Binary Format"
constexpr std::string_view signature{"PGCOPY\n\377\r\n\0", 11};
constexpr timeseries::Span epoch = std::chrono::sys_days(std::chrono::year(2000) / 1 / 1).time_since_epoch();
constexpr std::int16_t columns = 7;

template <typename Number>
void put(std::string& bytes, Number number) {
    for (int shift = std::numeric_limits<std::make_unsigned_t<Number>>::digits - 8; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<char>((number >> shift) & 0xff));
}

void put_text(std::string& bytes, std::string_view text) {
    put(bytes, static_cast<std::int32_t>(text.size()));
    bytes += text;
}

void put_time(std::string& bytes, timeseries::Time time) {
    put(bytes, std::int32_t{8});
    put(bytes, std::int64_t{(time.time_since_epoch() - epoch).count()});
}

void put_port(std::string& bytes, const std::optional<int>& port) {
    if (!port) return put(bytes, std::int32_t{-1});
    put(bytes, std::int32_t{2});
    put(bytes, static_cast<std::int16_t>(*port));
}

void put_message(std::string& bytes, const Message& message) {
    put(bytes, columns);
    put_time(bytes, message.received_at);
    put_text(bytes, message.tenant_id);
    put_text(bytes, message.application_id);
    put_text(bytes, message.device_id);
    put_text(bytes, message.type);
    put_port(bytes, message.f_port);
    put_text(bytes, message.json);
}

}  // namespace

std::int64_t store(postgres::Connection& connection, const timeseries::Table& messages,
                   const std::function<const Message*()>& next) {
    bool begun = false;
    return connection.copy_in(
        fmt::format("COPY {} (received_at, tenant_id, application_id, device_id, type, f_port, message) FROM "
                    "STDIN (FORMAT binary)",
                    messages.relation()),
        [&](std::string& bytes) {
            if (!begun) {
                bytes += signature;
                put(bytes, std::int64_t{0});  // flags, and no extension of the header
                begun = true;
            }
            if (const auto* message = next()) {
                put_message(bytes, *message);
                return true;
            }
            put(bytes, std::int16_t{-1});
            return false;
        });
}

}  // namespace tti::storage_integration
