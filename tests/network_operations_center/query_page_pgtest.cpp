#include <algorithm>

#include <gtest/gtest.h>

#include "network_operations_center/query_page.hpp"
#include "support/child_process.hpp"
#include "support/postgres_server.hpp"

namespace tti::network_operations_center {
namespace {

using namespace std::chrono_literals;

class QueryPages : public testing::Test {
  protected:
    QueryPages()
        : uri_(test::PostgresServer::instance().create_database()),
          connection_(*postgres::Uri::parse(uri_), {.context = "test"}, stop_) {
        const auto log = test::make_folder("tti-noc") / "log";
        test::run({TTI_BINARY, "noc-db", "init", "--is.database-uri", uri_}, log);
        test::run({TTI_BINARY, "noc-db", "demo", "--days", "2", "--gateways", "7", "--applications", "2",
                   "--devices", "16", "--interval", "1h", "--until", "2026-06-30T09:17:23Z",
                   "--is.database-uri", uri_},
                  log);
        connection_.execute("SET search_path = noc; SET timezone = 'UTC'");
    }

    std::vector<std::string> rows(const postgres::Statement& statement) {
        const auto found = connection_.query(statement);
        std::vector<std::string> lines;
        for (int row = 0; row < found.rows(); ++row) {
            std::string line;
            for (int column = 0; column < found.columns(); ++column)
                line += found.optional_text(row, column).value_or("NULL") + "|";
            lines.push_back(line);
        }
        return lines;
    }
    std::int64_t total(const Query& query, const Arguments& arguments) {
        return connection_.query(total_statement(query, arguments)).integer(0, 0);
    }

    std::string uri_;
    util::NeverStop stop_;
    postgres::Connection connection_;
};

// Sorted, since hours, days and weeks of one time are on one page.
TEST_F(QueryPages, JoinToTheWholeAnswer) {
    const timeseries::Time end = std::chrono::sys_days(std::chrono::year(2026) / 6 / 30) + 5h + 12min;
    Arguments arguments{.tenant = "demo",
                        .gateway = "demo-gateway-00002",
                        .application = "demo-0001",
                        .device = "device-000003",
                        .from = end - 40h,
                        .to = end};
    int with_pages = 0;
    for (const auto& query : queries()) {
        arguments.limit = 1000000;
        arguments.page = 1;
        auto whole = rows(statement(query, arguments));
        const auto all = total(query, arguments);
        arguments.limit = 3;
        EXPECT_EQ(total(query, arguments), all) << query.name;
        if (paged(query) == Paged::not_at_all) {
            EXPECT_EQ(static_cast<std::int64_t>(whole.size()), all) << query.name;
            continue;
        }
        std::vector<std::string> joined;
        for (; (arguments.page - 1) * arguments.limit < all; ++arguments.page)
            for (auto& row : rows(page_statement(query, arguments))) joined.push_back(std::move(row));
        EXPECT_TRUE(rows(page_statement(query, arguments)).empty()) << query.name;
        std::ranges::sort(joined);
        std::ranges::sort(whole);
        EXPECT_EQ(joined, whole) << query.name;
        with_pages += all > 3 ? 1 : 0;
    }
    EXPECT_GE(with_pages, 20);
}

}  // namespace
}  // namespace tti::network_operations_center
