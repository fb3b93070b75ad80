#pragma once

#include <string>
#include <vector>

#include "postgres/connection.hpp"

namespace tti::identity_server {

// What an INSERT or UPDATE sets in one row, with the words that tell the operator what changes.
class RowChange {
  public:
    void set(std::string column, postgres::Parameter value, std::string word = {});
    // The transaction's time at the server.
    void set_now(std::string column);

    [[nodiscard]] bool empty() const { return columns_.empty(); }
    [[nodiscard]] std::string words() const;  // "e-mail address, password"

    // created_at and updated_at are set besides. `table` is quoted already.
    [[nodiscard]] postgres::Statement insert(const std::string& table,
                                             const std::string& returning = {}) const;
    [[nodiscard]] postgres::Statement update(const std::string& table, const std::string& key_column,
                                             const std::string& key) const;

  private:
    std::vector<std::string> columns_;
    std::vector<std::string> expressions_;  // "$1", "now()"
    std::vector<postgres::Parameter> parameters_;
    std::vector<std::string> words_;
};

}  // namespace tti::identity_server
