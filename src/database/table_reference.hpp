#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/reference.hpp"

namespace tti::database {

struct ReferenceColumn {
    std::string name;
    std::string definition;  // "bigint NOT NULL"
};

struct ReferenceTable {
    std::string name;
    std::string meaning;  // a phrase or sentences; may be empty
    std::vector<ReferenceColumn> columns;
};

// The tables of one database, or of a part of it.
struct TableChapter {
    std::string title;
    std::string where;  // a sentence: in which schema they are
    std::vector<ReferenceTable> tables;
};

// The tables that statements of this program create, temporary ones aside. A comment right above a statement
// is the table's meaning; constraints are no columns.
std::vector<ReferenceTable> created_tables(std::string_view sql);

// What every PostgreSQL database has that this program works on: its journal, and the marks of migrations.
TableChapter common_tables();

// "tables": each chapter is rendered when the page is asked for.
cli::ReferencePage tables_page(std::vector<std::function<TableChapter()>> chapters);

}  // namespace tti::database
