#pragma once

#include <string>
#include <vector>

namespace tti::cli {

// A plain-text table for results: aligned columns, two spaces between them, no frame. A column that holds
// nothing but numbers is aligned to the right.
class Table {
  public:
    explicit Table(std::vector<std::string> headings);

    // A row may be shorter than the headings.
    void add(std::vector<std::string> cells);
    [[nodiscard]] bool empty() const { return rows_.size() == 1; }
    // With a line break at the end of every line.
    [[nodiscard]] std::string text() const;

  private:
    std::vector<std::vector<std::string>> rows_;  // the headings first
};

}  // namespace tti::cli
