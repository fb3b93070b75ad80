#include "database/table_reference.hpp"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "operation/postgres_journal.hpp"
#include "postgres/migrator.hpp"
#include "util/text.hpp"

namespace tti::database {
namespace {

using util::trim;

constexpr std::string_view create = "CREATE TABLE ";

// What stands between the bracket that `text` begins with and the one that closes it; nothing where none
// does.
std::string_view bracketed(std::string_view text) {
    int depth = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '(') ++depth;
        if (text[at] == ')' && --depth == 0) return text.substr(1, at - 1);
    }
    return text.substr(0, 0);
}

// Parts between commas that stand in no bracket.
std::vector<std::string_view> definitions(std::string_view text) {
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    int depth = 0;
    for (std::size_t at = 0; at <= text.size(); ++at) {
        if (at == text.size() || (text[at] == ',' && depth == 0)) {
            parts.push_back(trim(text.substr(begin, at - begin)));
            begin = at + 1;
            continue;
        }
        depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
    }
    return parts;
}

std::vector<ReferenceColumn> columns(std::string_view text) {
    std::vector<ReferenceColumn> result;
    for (const auto definition : definitions(text)) {
        const auto space = definition.find(' ');
        const std::string name(definition.substr(0, space));
        if (name == util::upper(name)) continue;  // PRIMARY KEY (…), UNIQUE (…)
        result.push_back({name, std::string(trim(definition.substr(space + 1)))});
    }
    return result;
}

// The lines of comment right above a statement.
std::string comment_above(std::string_view before) {
    std::string comment;
    for (before = trim(before); !before.empty();) {
        const auto line_break = before.rfind('\n');
        const auto line = trim(line_break == std::string_view::npos ? before : before.substr(line_break + 1));
        if (!line.starts_with("--")) break;
        comment = fmt::format("{}{}{}", trim(line.substr(2)), comment.empty() ? "" : " ", comment);
        before =
            line_break == std::string_view::npos ? std::string_view() : trim(before.substr(0, line_break));
    }
    return comment;
}

// "IF NOT EXISTS "public".roll_up_sources" without what is not its name; schema tti is part of it.
std::string table_name(std::string_view text) {
    constexpr std::string_view condition = "IF NOT EXISTS ";
    if (text.starts_with(condition)) text.remove_prefix(condition.size());
    const auto dot = text.find('.');
    if (dot != std::string_view::npos && !text.starts_with("tti.")) text.remove_prefix(dot + 1);
    std::string name(trim(text));
    std::erase(name, '"');
    return name;
}

std::string rendered(const ReferenceTable& table) {
    std::string text = fmt::format("### {}\n\n", table.name);
    if (!table.meaning.empty()) text += cli::cell(table.meaning) + "\n\n";
    if (table.columns.empty()) return text;
    text += "| Column | Type |\n|---|---|\n";
    for (const auto& column : table.columns)
        text += fmt::format("| `{}` | {} |\n", column.name, cli::code_cell(column.definition));
    return text + "\n";
}

}  // namespace

std::vector<ReferenceTable> created_tables(std::string_view sql) {
    std::vector<ReferenceTable> tables;
    for (auto at = sql.find(create); at != std::string_view::npos;
         at = sql.find(create, at + create.size())) {
        const auto statement = sql.substr(at + create.size());
        const auto bracket = std::min(statement.find('('), statement.size());
        tables.push_back({table_name(statement.substr(0, bracket)), comment_above(sql.substr(0, at)),
                          columns(bracketed(statement.substr(bracket)))});
    }
    return tables;
}

TableChapter common_tables() {
    auto tables = created_tables(operation::journal_sql());
    std::ranges::move(created_tables(postgres::bookkeeping_sql("public")), std::back_inserter(tables));
    return {"In every database",
            "The journal is in schema `tti`, the marks of migrations are beside the tables.",
            std::move(tables)};
}

cli::ReferencePage tables_page(std::vector<std::function<TableChapter()>> chapters) {
    return {"tables", "every table in PostgreSQL",
            [chapters = std::move(chapters)](const cli::Command& /*program*/) {
                std::string text = "# Tables in PostgreSQL\n\n";
                for (const auto& chapter_of : chapters) {
                    const auto chapter = chapter_of();
                    text += fmt::format("## {}\n\n{}\n\n", chapter.title, chapter.where);
                    for (const auto& table : chapter.tables) text += rendered(table);
                }
                return text;
            }};
}

}  // namespace tti::database
