#include <future>

#include "postgres/create_if_missing.hpp"
#include "postgres/support.hpp"

namespace tti::postgres {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view things =
    "CREATE SCHEMA IF NOT EXISTS ours; CREATE TABLE IF NOT EXISTS ours.things (i int)";

class CreateIfMissingTest : public DatabaseTest {
  protected:
    void wait_until_blocked(const Connection& connection) {
        const auto waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND pid = " +
                           std::to_string(connection.backend_pid());
        while (looker_.execute(waits).integer(0, 0) == 0) std::this_thread::sleep_for(5ms);
    }
    bool is_there() { return !looker_.execute("SELECT to_regclass('ours.things')").is_null(0, 0); }

    Connection connection_ = open();
    Connection other_ = open();
    Connection looker_ = open();
};

TEST_F(CreateIfMissingTest, MakesWhatIsMissingAndKeepsWhatIsThere) {
    create_if_missing(connection_, things);
    connection_.execute("INSERT INTO ours.things VALUES (1)");
    create_if_missing(connection_, things);
    EXPECT_EQ(connection_.execute("SELECT count(*) FROM ours.things").integer(0, 0), 1);
}

TEST_F(CreateIfMissingTest, GoesOnWhereAnotherSessionMakesTheSame) {
    other_.execute("BEGIN; CREATE SCHEMA ours");
    auto made = std::async(std::launch::async, [this] { create_if_missing(connection_, things); });
    wait_until_blocked(connection_);
    other_.execute("COMMIT");
    made.get();
    EXPECT_TRUE(is_there());
}

TEST_F(CreateIfMissingTest, GoesOnWhereOnlyTheTableIsMadeByAnother) {
    other_.execute("CREATE SCHEMA ours; BEGIN; CREATE TABLE ours.things (i int)");
    auto made = std::async(std::launch::async, [this] { create_if_missing(connection_, things); });
    wait_until_blocked(connection_);
    other_.execute("COMMIT");
    made.get();
    EXPECT_TRUE(is_there());
}

TEST_F(CreateIfMissingTest, AnotherFailureIsThrownAtOnce) {
    EXPECT_THROW(create_if_missing(connection_, "CREATE TABLE IF NOT EXISTS nowhere.things (i int)"),
                 UndefinedSchema);
}

}  // namespace
}  // namespace tti::postgres
