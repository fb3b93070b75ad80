#include "cli/table.hpp"

#include <algorithm>

#include "cli/text_layout.hpp"

namespace tti::cli {
namespace {

struct Column {
    std::size_t width = 0;
    bool numbers = true;
};

bool is_number(const std::string& text) {
    return text.find_first_not_of("0123456789.,-%") == std::string::npos;
}

std::string line_of(const std::vector<std::string>& cells, const std::vector<Column>& columns) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) line += "  ";
        line +=
            columns[i].numbers ? pad_left(cells[i], columns[i].width) : pad_right(cells[i], columns[i].width);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
}

}  // namespace

Table::Table(std::vector<std::string> headings) : rows_{std::move(headings)} {}

void Table::add(std::vector<std::string> cells) {
    for (auto& cell : cells) cell = printable(cell);
    cells.resize(rows_.front().size());
    rows_.push_back(std::move(cells));
}

std::string Table::text() const {
    std::vector<Column> columns(rows_.front().size());
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            columns[i].width = std::max(columns[i].width, display_width(row[i]));
            columns[i].numbers = columns[i].numbers && (&row == &rows_.front() || is_number(row[i]));
        }
    }
    std::string text;
    for (const auto& row : rows_) text += line_of(row, columns);
    return text;
}

}  // namespace tti::cli
