#include "identity_server/row_findings.hpp"

#include <algorithm>

#include "identity_server/use_tables.hpp"

namespace tti::identity_server {
namespace {

using Table = std::pair<std::string, std::string>;  // schema and name
using Question = RowFindings::Question;

// The questions of so many tenants are under way at once.
constexpr std::size_t tenants_at_once = 100;

// Which of the tables that the checks are about exist.
std::set<Table> existing_tables(postgres::Connection& connection, std::span<const Question> questions) {
    std::set<std::string> schemas;
    std::set<std::string> names;
    for (const auto& question : questions) {
        if (!question.checks.empty()) schemas.insert(question.tenant.schema);
        for (const auto* check : question.checks) names.emplace(check->table);
    }
    if (schemas.empty()) return {};
    const auto as_array = [](const std::set<std::string>& texts) {
        const std::vector<std::string> list(texts.begin(), texts.end());
        return postgres::array_literal(std::span(list));
    };
    const auto rows = connection.query(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = ANY ($1::text[]) AND c.relname = ANY ($2::text[]) "
        "AND c.relkind IN ('r', 'p', 'v', 'm', 'f')",
        {as_array(schemas), as_array(names)});
    std::set<Table> tables;
    for (int row = 0; row < rows.rows(); ++row) tables.emplace(rows.text(row, 0), rows.text(row, 1));
    return tables;
}

}  // namespace

RowFindings::RowFindings(Session& session, std::span<const Question> questions) {
    const auto tables = existing_tables(session.connection(), questions);
    for (std::size_t start = 0; start < questions.size(); start += tenants_at_once) {
        ask(session, questions.subspan(start, std::min(tenants_at_once, questions.size() - start)), tables);
    }
}

void RowFindings::ask(Session& session, std::span<const Question> questions, const std::set<Table>& tables) {
    std::vector<postgres::Statement> statements;
    std::vector<std::pair<std::string, const RowCheck*>> asked;  // none for a statement that is no check
    for (const auto& [tenant, checks] : questions) {
        const auto before = statements.size();
        for (const auto* check : checks) {
            if (!tables.contains({tenant.schema, std::string(check->table)})) continue;
            if (statements.size() == before) {
                statements.push_back(use_tables(session.connection(), tenant));
                asked.emplace_back();
            }
            statements.push_back({std::string(check->sql)});
            asked.emplace_back(tenant.schema, check);
        }
    }
    if (statements.empty()) return;
    const auto results = session.connection().pipeline(statements);
    for (std::size_t i = 0; i < results.size(); ++i) {
        const auto count = asked[i].second == nullptr ? 0 : results[i].integer(0, 0);
        if (count > 0) findings_[asked[i]] = {asked[i].second, count, std::string(results[i].text(0, 1))};
    }
}

std::vector<Finding> RowFindings::of(const Tenant& tenant, std::span<const RowCheck> checks) const {
    std::vector<Finding> findings;
    for (const auto& check : checks) {
        const auto found = findings_.find({tenant.schema, &check});
        if (found != findings_.end()) findings.push_back(found->second);
    }
    return findings;
}

std::vector<const RowCheck*> pointers(std::initializer_list<std::span<const RowCheck>> spans) {
    std::vector<const RowCheck*> result;
    for (const auto checks : spans) {
        for (const auto& check : checks) result.push_back(&check);
    }
    return result;
}

}  // namespace tti::identity_server
