#include "database/table_reference.hpp"

#include <gmock/gmock.h>

namespace tti::database {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;

constexpr std::string_view sql = R"(
CREATE SEQUENCE ids;
-- What was
-- received.
CREATE TABLE messages (
    id bigint NOT NULL DEFAULT nextval('ids'),
    price numeric(10, 2),
    PRIMARY KEY (id, price)
)/* in chunks */;
CREATE INDEX messages_by_price ON messages (price);
CREATE TABLE IF NOT EXISTS "public".marks (name text);
CREATE TABLE tti.tenants (tenant_id text);
)";

TEST(CreatedTables, AreTheirNamesColumnsAndTheCommentAbove) {
    const auto tables = created_tables(sql);
    ASSERT_THAT(tables,
                ElementsAre(Field(&ReferenceTable::name, "messages"), Field(&ReferenceTable::name, "marks"),
                            Field(&ReferenceTable::name, "tti.tenants")));
    EXPECT_EQ(tables[0].meaning, "What was received.");
    EXPECT_EQ(tables[1].meaning, "");
    EXPECT_THAT(
        tables[0].columns,
        ElementsAre(AllOf(Field(&ReferenceColumn::name, "id"),
                          Field(&ReferenceColumn::definition, "bigint NOT NULL DEFAULT nextval('ids')")),
                    AllOf(Field(&ReferenceColumn::name, "price"),
                          Field(&ReferenceColumn::definition, "numeric(10, 2)"))));
}

TEST(CreatedTables, OfWhatCreatesNoneAreNone) {
    EXPECT_TRUE(created_tables("").empty());
    EXPECT_TRUE(created_tables("CREATE INDEX a ON b (c);").empty());
    EXPECT_TRUE(created_tables("CREATE TABLE unfinished (").front().columns.empty());
}

TEST(TablesPage, HasEveryChapterAndTheMarksOfMigrations) {
    const auto page =
        tables_page({common_tables, [] {
                         return TableChapter{"Others", "Somewhere.", {{"a_view", "A view | of it", {}}}};
                     }});
    const auto text = page.text({});
    EXPECT_TRUE(text.starts_with("# Tables in PostgreSQL\n"));
    EXPECT_THAT(text, AllOf(HasSubstr("## In every database\n"), HasSubstr("### tti.operations\n"),
                            HasSubstr("### bun_migrations\n"), HasSubstr("| `outcome` | `text NOT NULL` |\n"),
                            HasSubstr("## Others\n\nSomewhere.\n\n### a_view\n\nA view \\| of it\n")));
}

}  // namespace
}  // namespace tti::database
