#include "identity_server/row_change.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tti::identity_server {

void RowChange::set(std::string column, postgres::Parameter value, std::string word) {
    parameters_.push_back(std::move(value));
    columns_.push_back(std::move(column));
    expressions_.push_back(fmt::format("${}", parameters_.size()));
    if (!word.empty()) {
        words_.push_back(std::move(word));
    }
}

void RowChange::set_now(std::string column) {
    columns_.push_back(std::move(column));
    expressions_.emplace_back("now()");
}

std::string RowChange::words() const {
    return fmt::format("{}", fmt::join(words_, ", "));
}

postgres::Statement RowChange::insert(const std::string& table, const std::string& returning) const {
    return {fmt::format("INSERT INTO {} (created_at, updated_at, {}) VALUES (now(), now(), {}){}", table,
                        fmt::join(columns_, ", "), fmt::join(expressions_, ", "),
                        returning.empty() ? "" : " RETURNING " + returning),
            parameters_};
}

postgres::Statement RowChange::update(const std::string& table, const std::string& key_column,
                                      const std::string& key) const {
    std::string assignments = "updated_at = now()";
    for (std::size_t index = 0; index < columns_.size(); ++index) {
        assignments += fmt::format(", {} = {}", columns_[index], expressions_[index]);
    }
    postgres::Statement statement{fmt::format("UPDATE {} SET {} WHERE {} = ${}", table, assignments,
                                              key_column, parameters_.size() + 1),
                                  parameters_};
    statement.parameters.emplace_back(key);
    return statement;
}

}  // namespace tti::identity_server
