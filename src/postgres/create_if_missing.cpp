#include "postgres/create_if_missing.hpp"

#include <algorithm>
#include <array>

namespace tti::postgres {
namespace {

constexpr int tries = 5;

// Unique violation (of the catalogue's indexes), duplicate schema, table and object.
constexpr std::array<std::string_view, 4> made_meanwhile{"23505", "42P06", "42P07", "42710"};

}  // namespace

void create_if_missing(Connection& connection, std::string_view sql) {
    for (int attempt = 1;; ++attempt) {
        try {
            connection.execute(sql);
            return;
        } catch (const ServerError& error) {
            const auto& state = error.diagnostics().sqlstate;
            if (attempt == tries || std::ranges::find(made_meanwhile, state) == made_meanwhile.end()) throw;
        }
    }
}

}  // namespace tti::postgres
