#include "identity_server/removal.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "operation/failure_point.hpp"

namespace tti::identity_server {
namespace {

std::vector<std::string> columns_of(postgres::Connection& connection, const std::string& table) {
    const auto rows = connection.query(
        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT "
        "attisdropped"
        " ORDER BY attnum",
        {table});
    std::vector<std::string> names;
    names.reserve(static_cast<std::size_t>(rows.rows()));
    for (int row = 0; row < rows.rows(); ++row) {
        names.emplace_back(rows.text(row, 0));
    }
    return names;
}

std::string returning(const std::vector<std::string>& columns) {
    std::string text;
    for (const auto& column : columns) {
        text += (text.empty() ? "d." : ", d.") + postgres::quote_identifier(column);
    }
    return text;
}

operation::Amounts once(postgres::Connection& connection, operation::UndoWriter* undo,
                        const nlohmann::json& about, const std::function<void(Removal&)>& body) {
    postgres::Transaction transaction(connection);
    Removal removal(connection, undo);
    if (undo == nullptr) {
        body(removal);
    } else {
        undo->begin_batch(about);
        try {
            body(removal);
        } catch (...) {
            undo->abandon_batch();
            throw;
        }
        if (removal.counts().empty()) {
            undo->abandon_batch();
        } else {
            undo->end_batch();
        }
    }
    operation::failure_point("before cleanup commit");
    transaction.commit();
    return removal.counts();
}

}  // namespace

std::string Clearing::counted_as() const {
    return fmt::format("{}.{} cleared", table, columns.front().column);
}

void Removal::remove(const std::string& table, const std::string& rest) {
    const auto statement = fmt::format("DELETE FROM {} d {}", table, rest);
    if (undo_ == nullptr) {
        count(table, connection_.execute(statement).affected());
        return;
    }
    const auto columns = columns_of(connection_, table);
    undo_->section(table, {{"action", "insert"}, {"columns", columns}});
    count(table,
          connection_.copy_out(fmt::format("COPY ({} RETURNING {}) TO STDOUT", statement, returning(columns)),
                               [this](std::string_view line) { undo_->row(line); }));
}

void Removal::clear(const Clearing& clearing, const std::string& rest) {
    std::string set;
    std::string old = "d.id";
    std::vector<std::string> columns{"id"};
    for (const auto& column : clearing.columns) {
        set += fmt::format("{}{} = {}", set.empty() ? "" : ", ", column.column, column.cleared);
        old += fmt::format(", {}.{}", clearing.alias, column.old);
        columns.push_back(column.column);
    }
    const auto statement = fmt::format("UPDATE {} d SET {} {}", clearing.table, set, rest);
    const auto what = clearing.counted_as();
    if (undo_ == nullptr) {
        count(what, connection_.execute(statement).affected());
        return;
    }
    undo_->section(what, {{"action", "set"},
                          {"table", clearing.table},
                          {"columns", columns},
                          {"restored_with", clearing.restored_with}});
    count(what, connection_.copy_out(fmt::format("COPY ({} RETURNING {}) TO STDOUT", statement, old),
                                     [this](std::string_view line) { undo_->row(line); }));
}

void Removal::count(const std::string& what, std::int64_t number) {
    if (number > 0) {
        add(counts_, what, number);
    }
}

operation::Amounts remove_batch(postgres::Connection& connection, operation::UndoWriter* undo,
                                const nlohmann::json& about, const std::function<void(Removal&)>& body) {
    constexpr int tries = 5;
    for (int attempt = 1;; ++attempt) {
        try {
            return once(connection, undo, about, body);
        } catch (const postgres::Deadlock&) {
            if (attempt == tries) {
                throw;
            }
        }
    }
}

}  // namespace tti::identity_server
