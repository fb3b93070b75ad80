#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <libpq-fe.h>

namespace tti::postgres {

// The rows of one statement, in text format. Views into it live as long as the result.
class Result {
  public:
    explicit Result(PGresult* result) : result_(result, &PQclear) {}

    [[nodiscard]] int rows() const { return PQntuples(result_.get()); }
    [[nodiscard]] int columns() const { return PQnfields(result_.get()); }
    [[nodiscard]] bool empty() const { return rows() == 0; }
    [[nodiscard]] std::string_view column_name(int column) const { return PQfname(result_.get(), column); }
    [[nodiscard]] bool is_null(int row, int column) const {
        return PQgetisnull(result_.get(), row, column) == 1;
    }
    [[nodiscard]] std::string_view text(int row, int column) const;
    [[nodiscard]] std::optional<std::string> optional_text(int row, int column) const;
    [[nodiscard]] std::int64_t integer(int row, int column) const;  // 0 for NULL
    [[nodiscard]] bool boolean(int row, int column) const;          // false for NULL
    // One-dimensional array of texts, as in '{a,"b c",NULL}' (NULL elements become empty).
    [[nodiscard]] std::vector<std::string> array(int row, int column) const;
    // Rows that INSERT, UPDATE, DELETE or COPY touched.
    [[nodiscard]] std::int64_t affected() const;
    [[nodiscard]] PGresult* get() const { return result_.get(); }

  private:
    std::unique_ptr<PGresult, decltype(&PQclear)> result_;
};

}  // namespace tti::postgres
