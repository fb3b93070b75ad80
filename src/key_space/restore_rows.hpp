#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "redis/connection.hpp"
#include "util/expected.hpp"

namespace tti::key_space {

// A row of an undo file, as UndoRows wrote it.
struct UndoneRow {
    enum class Kind : std::uint8_t { key, field, scored, member, entry };
    Kind kind = Kind::key;
    std::string key;
    std::int64_t ttl = -1;            // of a whole key, in ms; -1: none
    std::string name;                 // the field, the member, or the ID of an entry
    std::string value;                // DUMP, the field's value or the score
    std::vector<std::string> fields;  // of an entry, with their values

    // Tells rows apart that bring different things back.
    [[nodiscard]] std::string identity() const;
    [[nodiscard]] std::size_t bytes() const;
};
Expected<UndoneRow> parse_undone_row(std::string_view line);

enum class Found : std::uint8_t {
    missing,
    identical,
    changed,  // something else is there
};

// What the server has of the rows, in their order. `restored` is a set of the entries that were brought back
// before, since they have other IDs by now.
std::vector<Found> look_up(redis::Connection& connection, std::span<const UndoneRow> rows,
                           const std::string& restored);

// What to do about rows that are `changed`.
enum class OnChange : std::uint8_t { refuse, keep, replace };

// Brings back what is missing, in one transaction; false where a key changed meanwhile and nothing was done.
// Adds what was found of each row to `found`.
bool bring_back(redis::Connection& connection, std::span<const UndoneRow> rows, const std::string& restored,
                OnChange on_change, std::vector<Found>& found);

}  // namespace tti::key_space
