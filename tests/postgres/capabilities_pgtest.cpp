#include <csignal>
#include <fstream>

#include <fmt/format.h>

#include "postgres/capabilities.hpp"
#include "postgres/support.hpp"
#include "support/child_process.hpp"

namespace tti::postgres {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class CapabilitiesTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        folder_ = test::make_folder("tti-capabilities-");
        server_ = std::make_unique<test::PostgresProcess>(folder_);
    }
    static void TearDownTestSuite() {
        server_.reset();
        std::filesystem::remove_all(folder_);
    }
    static Uri address() { return Uri::parse(server_->uri("postgres")).value(); }

    Capabilities ask(const Uri& uri, Mode mode = Mode::writes) {
        Connection connection(uri, {.context = "identity server", .mode = mode}, stop_);
        return ask_capabilities(connection, stop_);
    }

    static inline std::filesystem::path folder_;
    static inline std::unique_ptr<test::PostgresProcess> server_;
    util::NeverStop stop_;
};

// A PgBouncer in front of the server.
class Bouncer {
  public:
    Bouncer(const std::filesystem::path& server, const std::string& mode, int pool_size)
        : folder_(test::make_folder("tti-pgbouncer-")), port_(test::free_port()) {
        std::ofstream(folder_ / "users.txt") << "\"postgres\" \"\"\n";
        std::ofstream(folder_ / "pgbouncer.ini") << fmt::format(
            "[databases]\n* = host={}\n[pgbouncer]\nlisten_addr=127.0.0.1\nlisten_port={}\n"
            "unix_socket_dir=\nauth_type=trust\nauth_file={}\npool_mode={}\ndefault_pool_size={}\n",
            server.string(), port_, (folder_ / "users.txt").string(), mode, pool_size);
        process_ = std::make_unique<test::ChildProcess>(
            std::vector<std::string>{"pgbouncer", (folder_ / "pgbouncer.ini").string()}, folder_ / "log");
        for (int i = 0; i < 500 && PQping(uri().text().reveal().c_str()) != PQPING_OK; ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
    }
    ~Bouncer() {
        process_.reset();
        std::filesystem::remove_all(folder_);
    }
    [[nodiscard]] Uri uri() const {
        return Uri::parse(fmt::format("postgres://postgres@127.0.0.1:{}/postgres", port_)).value();
    }

  private:
    std::filesystem::path folder_;
    int port_;
    std::unique_ptr<test::ChildProcess> process_;
};

TEST_F(CapabilitiesTest, OfAnOrdinaryServer) {
    const Capabilities capabilities = ask(address());
    EXPECT_GE(capabilities.version, minimum_version);
    EXPECT_THAT(capabilities.version_text, testing::MatchesRegex("[0-9.]+"));
    EXPECT_TRUE(capabilities.has_extension("plpgsql"));
    EXPECT_FALSE(capabilities.has_extension("plpg"));
    EXPECT_TRUE(capabilities.superuser);
    EXPECT_FALSE(capabilities.replica);
    EXPECT_FALSE(capabilities.transaction_pooler);
    EXPECT_NO_THROW(require_writable(capabilities, address()));
    EXPECT_FALSE(ask(address(), Mode::read_only).replica);
}

TEST_F(CapabilitiesTest, AReplicaIsRefused) {
    const std::filesystem::path folder = test::make_folder("tti-standby-");
    {
        const test::PostgresProcess standby = test::PostgresProcess::standby_of(*server_, folder);
        const Uri uri = Uri::parse(standby.uri("postgres")).value();
        const Capabilities capabilities = ask(uri);
        EXPECT_TRUE(capabilities.replica);
        const auto refused =
            thrown_by<RefusedError>([&] { require_writable(capabilities, uri, "noc.store.database-uri"); });
        EXPECT_THAT(refused.what(), HasSubstr("read-only replica"));
        EXPECT_THAT(refused.hint(), AllOf(HasSubstr("noc.store.database-uri"), HasSubstr("primary")));
    }
    std::filesystem::remove_all(folder);
}

TEST_F(CapabilitiesTest, ASessionPoolerIsWelcome) {
    const Bouncer bouncer(folder_, "session", 10);
    EXPECT_FALSE(ask(bouncer.uri()).transaction_pooler);
    EXPECT_FALSE(ask(bouncer.uri(), Mode::read_only).transaction_pooler);
}

TEST_F(CapabilitiesTest, ASessionPoolerWithOneServerConnectionToo) {
    const Bouncer bouncer(folder_, "session", 1);
    EXPECT_FALSE(ask(bouncer.uri()).transaction_pooler);
}

TEST_F(CapabilitiesTest, ATransactionPoolerIsRefused) {
    for (const int pool_size : {1, 2, 10}) {
        const Bouncer bouncer(folder_, "transaction", pool_size);
        const Capabilities capabilities = ask(bouncer.uri());
        EXPECT_TRUE(capabilities.transaction_pooler) << pool_size;
        EXPECT_THAT(thrown_by<RefusedError>([&] { require_writable(capabilities, bouncer.uri()); }).hint(),
                    HasSubstr("pool_mode=session"));
    }
    const Bouncer bouncer(folder_, "transaction", 10);
    EXPECT_TRUE(ask(bouncer.uri(), Mode::read_only).transaction_pooler);
}

TEST_F(CapabilitiesTest, ATransactionPoolerIsFoundWhileOthersWorkThroughIt) {
    const Bouncer bouncer(folder_, "transaction", 10);
    std::atomic<bool> done = false;
    std::vector<std::thread> others;
    for (int i = 0; i < 3; ++i) {
        others.emplace_back([&] {
            util::NeverStop stop;
            Connection connection(bouncer.uri(), {.context = "other"}, stop);
            while (!done) {
                connection.execute("SELECT pg_sleep(0.001)");
            }
        });
    }
    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(ask(bouncer.uri()).transaction_pooler);
    }
    done = true;
    for (std::thread& other : others) {
        other.join();
    }
}

TEST_F(CapabilitiesTest, AStatementPoolerIsRefused) {
    const Bouncer bouncer(folder_, "statement", 10);
    EXPECT_TRUE(ask(bouncer.uri()).transaction_pooler);
}

TEST_F(CapabilitiesTest, AReadOnlyConnectionIsRightBehindATransactionPooler) {
    Connection direct(address(), {.context = "identity server"}, stop_);
    direct.execute("CREATE SCHEMA acme; CREATE TABLE acme.t AS SELECT 7 AS i");
    const Bouncer bouncer(folder_, "transaction", 10);
    const Uri uri = bouncer.uri().with_search_path("acme");
    {
        Connection reader(uri, {.context = "identity server", .mode = Mode::read_only}, stop_);
        EXPECT_EQ(reader.execute("SELECT i FROM t").integer(0, 0), 7);
        EXPECT_THROW(reader.execute("DELETE FROM t"), ReadOnlyViolation);
    }
    // Nothing of it is left in the server connection that others get.
    Connection other(bouncer.uri(), {.context = "identity server"}, stop_);
    EXPECT_EQ(other.execute("SELECT current_schema()").text(0, 0), "public");
    EXPECT_NO_THROW(other.execute("CREATE TABLE written ()"));
}

TEST_F(CapabilitiesTest, AnOldServerIsRefused) {
    EXPECT_NO_THROW(require_version({.version = 140000}, "identity server", address()));
    EXPECT_THAT(thrown_by<RefusedError>([] {
                    require_version({.version = 130012}, "identity server", address());
                }).what(),
                HasSubstr("PostgreSQL 13, older than 14"));
}

}  // namespace
}  // namespace tti::postgres
