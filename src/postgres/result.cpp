#include "postgres/result.hpp"

#include <charconv>

#include "postgres/array_text.hpp"

namespace tti::postgres {
namespace {

std::int64_t to_integer(std::string_view text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

std::string_view Result::text(int row, int column) const {
    return {PQgetvalue(result_.get(), row, column),
            static_cast<std::size_t>(PQgetlength(result_.get(), row, column))};
}

std::optional<std::string> Result::optional_text(int row, int column) const {
    if (is_null(row, column)) {
        return std::nullopt;
    }
    return std::string(text(row, column));
}

std::int64_t Result::integer(int row, int column) const {
    return to_integer(text(row, column));
}

bool Result::boolean(int row, int column) const {
    return text(row, column) == "t";
}

std::vector<std::string> Result::array(int row, int column) const {
    return parse_array(text(row, column));
}

std::int64_t Result::affected() const {
    return to_integer(PQcmdTuples(result_.get()));
}

}  // namespace tti::postgres
