#include <fmt/format.h>

#include "postgres/migrator.hpp"
#include "postgres/support.hpp"

namespace tti::postgres {
namespace {

using testing::ElementsAre;

using MigratorTest = DatabaseTest;

TEST_F(MigratorTest, TablesAreBuns) {
    Connection connection = open();
    create_bookkeeping(connection, "public");
    create_bookkeeping(connection, "public");
    const Result columns = connection.execute(
        "SELECT array_agg(concat_ws(' ', table_name, column_name, data_type, is_nullable, column_default) "
        "ORDER BY table_name, ordinal_position) "
        "FROM information_schema.columns WHERE table_schema = 'public'");
    EXPECT_THAT(
        columns.array(0, 0),
        ElementsAre("bun_migration_locks id bigint NO nextval('bun_migration_locks_id_seq'::regclass)",
                    "bun_migration_locks table_name character varying YES",
                    "bun_migrations id bigint NO nextval('bun_migrations_id_seq'::regclass)",
                    "bun_migrations name character varying YES", "bun_migrations group_id bigint YES",
                    "bun_migrations migrated_at timestamp with time zone NO CURRENT_TIMESTAMP"));
    EXPECT_THAT(
        connection
            .execute("SELECT array_agg(indexname::text ORDER BY indexname) FROM pg_indexes WHERE schemaname "
                     "= 'public'")
            .array(0, 0),
        ElementsAre("bun_migration_locks_pkey", "bun_migration_locks_table_name_key", "bun_migrations_pkey"));
}

TEST_F(MigratorTest, MarksAreReadBack) {
    Connection connection = open();
    create_bookkeeping(connection, "public");
    mark_applied(connection, "public", "20220701140000", 1);
    mark_applied(connection, "public", "20220520000000", 1);
    mark_applied(connection, "public", "20991231000000", 7);
    connection.execute("INSERT INTO bun_migrations (id, name, group_id) VALUES (-1, '20220726092000', 1)");
    connection.execute("INSERT INTO bun_migration_locks (table_name) VALUES ('bun_migrations')");
    Bookkeeping book = read_bookkeeping(connection, {"public"}).at("public");
    EXPECT_TRUE(book.tables_exist);
    EXPECT_TRUE(book.locked);
    EXPECT_EQ(book.applied.front().name, "20220520000000");
    EXPECT_EQ(book.applied.front().id, 2);
    EXPECT_FALSE(book.applied.front().migrated_at.empty());
    EXPECT_TRUE(book.has("20220701140000"));
    EXPECT_FALSE(book.has("20220726092000"));
    EXPECT_EQ(book.last_group(), 7);
    unmark(connection, "public", "20220701140000");
    EXPECT_FALSE(read_bookkeeping(connection, {"public"}).at("public").has("20220701140000"));
}

TEST_F(MigratorTest, AThousandSchemasAreReadQuickly) {
    Connection connection = open();
    std::vector<std::string> schemas{"nowhere"};
    for (int i = 0; i < 1000; ++i) {
        schemas.push_back(fmt::format("Tenant \"{}", i));
        const std::string name = quote_identifier(schemas.back());
        connection.execute(fmt::format(
            "CREATE SCHEMA {0}; CREATE TABLE {0}.bun_migrations (id bigserial, name varchar, group_id "
            "bigint, "
            "migrated_at timestamptz DEFAULT now()); INSERT INTO {0}.bun_migrations (name, group_id) "
            "SELECT n, {1} FROM generate_series(1, 15) n",
            name, i));
    }
    std::map<std::string, Bookkeeping> books;
    const auto duration = time_of([&] { books = read_bookkeeping(connection, schemas); });
    EXPECT_LT(duration.count(), 3000);
    EXPECT_EQ(books.size(), 1001U);
    EXPECT_TRUE(books.at("nowhere").applied.empty());
    EXPECT_EQ(books.at("Tenant \"999").last_group(), 999);
    EXPECT_EQ(books.at("Tenant \"999").applied.size(), 15U);
    EXPECT_FALSE(books.at("Tenant \"999").tables_exist);
}

}  // namespace
}  // namespace tti::postgres
